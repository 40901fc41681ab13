import { type Run, routes } from '@aikore/contract';
import type { Command } from '../command';
import { table } from '../table';

export const runs: Command = {
  name: 'runs',
  args: ['NAME'],
  summary: 'List the runs of an instance, newest first.',
  options: {},
  async run(invocation) {
    const { id } = await invocation.instance();
    const list = await (await invocation.api()).call(routes.listRuns, { params: { id } });
    await invocation.print(list, () =>
      table(
        ['RUN', 'STARTED', 'ENDED', 'RESULT', 'LOG'],
        list.map((run) => [run.id, run.started_at, run.ended_at ?? '-', resultOf(run), bytes(run.log_size)]),
      ),
    );
  },
};

function resultOf({ ended_at, signal, exit_code, reason }: Run): string {
  if (ended_at === null) return 'running';
  const how = signal ?? (exit_code === null ? '' : `exit ${exit_code}`);
  return [how, reason === 'exited' ? '' : (reason ?? '')].filter(Boolean).join(', ') || '-';
}

/** `0 B`, `12 KiB`, `3 MiB` */
export function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  return count < 1024 ** 2 ? `${Math.round(count / 1024)} KiB` : `${Math.round(count / 1024 ** 2)} MiB`;
}
