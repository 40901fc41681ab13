import type { Instance, InstanceStatus } from '@aikore/contract';

/** `''`: all; `running`: whatever is not stopped and not in error. */
export type StatusFilter = InstanceStatus | 'running' | '';

export interface InstanceFilter {
  readonly text: string;
  readonly status: StatusFilter;
  /** The parent whose family is wanted; null: all. */
  readonly family: number | null;
}

export const noFilter: InstanceFilter = { text: '', status: '', family: null };

export const isFiltering = ({ text, status, family }: InstanceFilter): boolean =>
  text.trim() !== '' || status !== '' || family !== null;

/** The instances that fit: every word is somewhere in name, blueprint, address or port, and status and family are the wanted ones. */
export function filterInstances(
  instances: readonly Instance[],
  filter: InstanceFilter,
  titleOf: (file: string) => string,
): readonly Instance[] {
  if (!isFiltering(filter)) return instances;
  const words = filter.text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return instances.filter((item) => {
    if (!hasStatus(item, filter.status) || !isOfFamily(item, filter.family)) return false;
    const { name, base_blueprint, port, persistent_port, slug, hostname } = item;
    const all = `${name} ${titleOf(base_blueprint)} ${port ?? ''} ${persistent_port ?? ''} ${slug} ${hostname ?? ''}`;
    const text = all.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/**
 * The rows to show: what fits, what is being edited, and the parents of both, so that no satellite hangs in the air.
 *
 * @param edited ids with unsaved changes
 */
export function rowsToShow(
  instances: readonly Instance[],
  found: readonly Instance[],
  edited: readonly number[],
): readonly Instance[] {
  if (found === instances) return instances;
  const wanted = new Set([...found.map(({ id }) => id), ...edited]);
  for (const { id, parent_instance_id: parent } of instances) if (wanted.has(id) && parent !== null) wanted.add(parent);
  return instances.filter(({ id }) => wanted.has(id));
}

function hasStatus({ status }: Instance, wanted: StatusFilter): boolean {
  if (wanted === '') return true;
  return wanted === 'running' ? status !== 'stopped' && status !== 'error' : status === wanted;
}

const isOfFamily = ({ id, parent_instance_id: parent }: Instance, family: number | null): boolean =>
  family === null || id === family || parent === family;
