import { routes } from '@aikore/contract';
import type { Command } from '../command';
import { usageError } from '../exit-codes';
import { printable } from '../table';

export const create: Command = {
  name: 'create',
  args: ['NAME'],
  summary: 'Create an instance from a blueprint.',
  options: {
    blueprint: { value: 'FILE', short: 'b', help: 'the blueprint, such as Diagnostics or Diagnostics.sh' },
    start: { help: 'start it at once' },
  },
  async run(invocation) {
    const blueprint = invocation.text('blueprint');
    if (!blueprint) throw usageError('Say which blueprint with --blueprint; `aikore blueprints` lists them.');
    const api = await invocation.api();
    const name = invocation.args[0] ?? '';
    const base_blueprint = blueprint.endsWith('.sh') ? blueprint : `${blueprint}.sh`;
    let instance = await api.call(routes.createInstance, { body: { name, base_blueprint } });
    if (invocation.flags.start === true) {
      instance = await api.call(routes.actOnInstance, { params: { id: instance.id, action: 'start' } });
    }
    await invocation.print(
      instance,
      () => `Created ${printable(instance.name)} (id ${instance.id}, ${instance.slug}).\n`,
    );
  },
};
