import type { Instance, InstanceStatus } from '@aikore/contract';

/** `''`: all; `running`: whatever is not stopped and not in error. */
export type StatusFilter = InstanceStatus | 'running' | '';

/** The instances that fit: every word is somewhere in name, blueprint, port or GPUs, and the status is the wanted one. */
export function filterInstances(
  instances: readonly Instance[],
  text: string,
  status: StatusFilter,
  titleOf: (file: string) => string,
): readonly Instance[] {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 && status === '') return instances;
  return instances.filter((item) => {
    if (!hasStatus(item, status)) return false;
    const all = `${item.name} ${titleOf(item.base_blueprint)} ${item.port ?? ''} ${item.slug}`.toLocaleLowerCase();
    return words.every((word) => all.includes(word));
  });
}

function hasStatus({ status }: Instance, wanted: StatusFilter): boolean {
  if (wanted === '') return true;
  return wanted === 'running' ? status !== 'stopped' && status !== 'error' : status === wanted;
}
