import type { QueryRunner } from 'typeorm';
import type { MigrationContext } from '../migration-context';
import type { AdoptionNote } from './adoption-note';
import type { LegacyTables } from './legacy-rows';
import { planAdoption, type AdoptedInstance } from './plan-adoption';

/** Writes the rows of an original AiKore into the new tables, within the caller's transaction. */
export async function adopt(runner: QueryRunner, legacy: LegacyTables, context: MigrationContext): Promise<void> {
  const { instances, notes } = planAdoption(legacy, context.portRange);
  const now = context.now().toISOString();
  const byPosition = [...instances].sort((a, b) => a.position - b.position);
  for (const instance of byPosition) await insertInstance(runner, instance, now);
  for (const note of notes) await insertNote(runner, note, now);
  await verify(runner, legacy.instances.length);
}

async function insertInstance(runner: QueryRunner, instance: AdoptedInstance, now: string): Promise<void> {
  const row = { ...instance, status_since: now, created_at: now, updated_at: now };
  await insert(runner, 'instances', row);
}

async function insertNote(runner: QueryRunner, note: AdoptionNote, now: string): Promise<void> {
  await insert(runner, 'adoption_notes', { ...note, created_at: now });
}

async function insert(runner: QueryRunner, table: string, row: object): Promise<void> {
  const marks = Object.keys(row).map(() => '?');
  const sql = `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${marks.join(', ')})`;
  await runner.query(sql, Object.values(row));
}

/** TypeORM switches foreign keys off while migrations run, so they are checked here; a throw rolls all of it back. */
async function verify(runner: QueryRunner, expected: number): Promise<void> {
  const broken = (await runner.query('PRAGMA foreign_key_check')) as unknown[];
  const [row] = (await runner.query('SELECT count(*) AS n FROM instances')) as { n: number }[];
  if (broken.length > 0 || row?.n !== expected) {
    throw new Error(
      `Taking over the old database failed: ${row?.n} of ${expected} rows, ${broken.length} broken links.`,
    );
  }
}
