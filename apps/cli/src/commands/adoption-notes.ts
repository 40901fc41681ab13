import { type AdoptionNote, routes } from '@aikore/contract';
import type { Command } from '../command';
import { table } from '../table';

export const adoptionNotes: Command = {
  name: 'adoption-notes',
  args: [],
  summary: 'List what was changed when the database of an older AiKore was taken over.',
  options: {},
  async run(invocation) {
    const notes = await (await invocation.api()).call(routes.listAdoptionNotes);
    await invocation.print(notes, () =>
      notes.length === 0
        ? 'Nothing was changed: no older database was taken over, or every value could stay as it was.\n'
        : table(['INSTANCE', 'FIELD', 'WAS', 'IS NOW', 'WHY'], notes.map(row)),
    );
  },
};

const row = ({ instance_id, instance_name, field, old_value, new_value, reason }: AdoptionNote): string[] => [
  instance_id === null ? '(the database)' : `${instance_id} ${instance_name ?? '(gone)'}`,
  field,
  old_value ?? '-',
  new_value ?? '-',
  reason,
];
