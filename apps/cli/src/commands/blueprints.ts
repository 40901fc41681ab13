import { routes } from '@aikore/contract';
import type { Command } from '../command';
import { table } from '../table';

export const blueprints: Command = {
  name: 'blueprints',
  args: [],
  summary: 'List the blueprints that an instance can be made from.',
  options: {},
  async run(invocation) {
    const list = await (await invocation.api()).call(routes.listBlueprints);
    await invocation.print(list, () =>
      table(
        ['FILE', 'SOURCE', 'CATEGORY', 'NAME', 'PROBLEM'],
        list.map((one) => [one.filename, one.source, one.category, one.name, one.problem ?? '']),
      ),
    );
  },
};
