import type { Instance } from '@aikore/contract';
import type { Command } from '../command';
import { printable } from '../table';
import { statusText } from './ls';

export const show: Command = {
  name: 'show',
  args: ['NAME'],
  summary: 'Show one instance.',
  options: {},
  async run(invocation) {
    const { server } = await invocation.credentials();
    const instance = await invocation.instance();
    await invocation.print(instance, () => describe(instance, server));
  },
};

/** The instance as lines of `label  value`; what is not set is left out. */
export function describe(instance: Instance, server: string): string {
  const { run, status_reason: reason, progress } = instance;
  const rows: [string, string | number | null | undefined][] = [
    ['name', instance.name],
    ['id', instance.id],
    ['slug', instance.slug],
    ['blueprint', instance.base_blueprint],
    ['status', `${statusText(instance)} since ${instance.status_since}`],
    ['progress', progress?.text],
    ['reason', reason?.message],
    ['address', `${server}${instance.path}`],
    ['port', instance.persistent_mode ? instance.persistent_port : instance.port],
    ['gpus', instance.gpu_ids],
    ['autostart', instance.autostart ? 'yes' : null],
    ['run', run?.id],
    ['pid', run && run.ended_at === null ? run.pid : null],
    ['exit', run?.ended_at ? (run.signal ?? run.exit_code) : null],
    ['restarts', instance.restarts || null],
    ['changes', instance.needs_restart ? 'wait for a restart' : null],
    ['allowed', instance.allowedActions.join(', ')],
  ];
  const lines = rows
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([label, value]) => `${label.padEnd(11)}${printable(String(value))}\n`);
  return lines.join('') + (reason?.lines ?? []).map((line) => `  | ${printable(line)}\n`).join('');
}
