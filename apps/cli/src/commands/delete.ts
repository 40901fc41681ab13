import { routes } from '@aikore/contract';
import type { Command } from '../command';
import { usageError } from '../exit-codes';
import { printable } from '../table';

export const remove: Command = {
  name: 'delete',
  args: ['NAME'],
  summary: 'Delete a stopped instance: move it to the trash, or for good.',
  options: {
    permanent: { help: 'delete its folder for good instead of moving it to the trash' },
    yes: { short: 'y', help: 'needed: yes, delete it' },
  },
  async run(invocation) {
    const { id, name } = await invocation.instance();
    const mode = invocation.flags.permanent === true ? 'permanent' : 'trash';
    const how = mode === 'permanent' ? 'deleted for good' : 'moved to the trash';
    if (invocation.flags.yes !== true) throw usageError(`"${printable(name)}" would be ${how}. Add --yes to do it.`);
    await (await invocation.api()).call(routes.deleteInstance, { params: { id }, query: { mode } });
    await invocation.print({ id, mode }, () => `${printable(name)} was ${how}.\n`);
  },
};
