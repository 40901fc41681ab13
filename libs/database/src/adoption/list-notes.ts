import type { AdoptionNote as ListedNote } from '@aikore/contract';
import type { DataSource } from 'typeorm';

/** What was not taken over as it stood from an older AiKore's database, in the order of the rows; empty: nothing. */
export function listAdoptionNotes(dataSource: DataSource): Promise<ListedNote[]> {
  return dataSource.query<ListedNote[]>(
    `SELECT note.id, note.instance_id, instance.name AS instance_name, note.field, note.old_value, note.new_value,
            note.reason, note.created_at
       FROM adoption_notes AS note LEFT JOIN instances AS instance ON instance.id = note.instance_id
      ORDER BY note.id`,
  );
}
