import type { QueryRunner } from 'typeorm';
import { columnsOf, legacyVersion, type LegacyReader } from './legacy-schema';

/** A value as SQLite gave it: any type can stand in any column of a damaged file. */
export type LegacyValue = string | number | Buffer | null;
export type LegacyRow = Readonly<Record<string, LegacyValue>>;

/**
 * Reads the rows of an original AiKore and removes its tables, so that the new ones can have their names. It is all in
 * the transaction of the migration, and the backup has the tables as they were.
 *
 * @returns null when the file is not one of the original's.
 */
export async function takeLegacyRows(runner: QueryRunner): Promise<LegacyRow[] | null> {
  const reader: LegacyReader = { all: (sql) => runner.query(sql) as Promise<Record<string, unknown>[]> };
  const columns = await columnsOf(reader, 'instances');
  if (columns.length === 0 || (await legacyVersion(reader)) === null) return null;
  // The order of the file, and no index: a damaged one may miss rows.
  const rows = (await runner.query('SELECT * FROM instances NOT INDEXED ORDER BY rowid')) as LegacyRow[];
  await runner.query('DROP TABLE instances');
  await runner.query('DROP TABLE IF EXISTS aikore_meta');
  return rows;
}
