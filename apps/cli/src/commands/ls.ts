import { type Instance, routes } from '@aikore/contract';
import type { Command } from '../command';
import { table } from '../table';
import { ago } from '../time';

export const ls: Command = {
  name: 'ls',
  args: [],
  summary: 'List the instances.',
  options: {},
  async run(invocation) {
    const instances = await (await invocation.api()).call(routes.listInstances);
    const now = Date.now();
    await invocation.print(instances, () =>
      table(
        ['ID', 'SLUG', 'NAME', 'STATUS', 'SINCE', 'PORT', 'BLUEPRINT'],
        instances.map((one) => [
          String(one.id),
          one.slug,
          one.name,
          statusText(one),
          ago(one.status_since, now),
          String((one.persistent_mode ? one.persistent_port : one.port) ?? '-'),
          one.base_blueprint,
        ]),
      ),
    );
  },
};

/** `installing 3/7`, `error`, … */
export function statusText({ status, progress }: Pick<Instance, 'status' | 'progress'>): string {
  return status === 'installing' && progress && progress.steps > 0
    ? `${status} ${progress.step}/${progress.steps}`
    : status;
}
