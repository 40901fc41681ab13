import type { QueryRunner } from 'typeorm';
import { columnsOf, legacyVersion, type LegacyReader } from './legacy-schema';

/** A value as SQLite gave it: any type can stand in any column of a damaged file. */
export type LegacyValue = string | number | Buffer | null;
export type LegacyRow = Readonly<Record<string, LegacyValue>>;

export interface LegacyTables {
  /** As the columns say, see `legacyVersion`. */
  version: number;
  instances: LegacyRow[];
  meta: LegacyRow[];
}

/**
 * Reads the tables of an original AiKore and removes them, so that the new ones can have their names. It is all in the
 * transaction of the migration, and the backup has the tables as they were.
 *
 * @returns null when the file is not one of the original's.
 */
export async function takeLegacyTables(runner: QueryRunner): Promise<LegacyTables | null> {
  const reader: LegacyReader = { all: (sql) => runner.query(sql) as Promise<Record<string, unknown>[]> };
  const version = await legacyVersion(reader);
  if (version === null) return null;
  // NOT INDEXED: an index of a damaged file may miss rows.
  const instances = (await runner.query('SELECT * FROM instances NOT INDEXED ORDER BY rowid')) as LegacyRow[];
  const hasMeta = (await columnsOf(reader, 'aikore_meta')).length > 0;
  const meta = hasMeta ? ((await runner.query('SELECT * FROM aikore_meta NOT INDEXED')) as LegacyRow[]) : [];
  await runner.query('DROP TABLE instances');
  await runner.query('DROP TABLE IF EXISTS aikore_meta');
  return { version, instances, meta };
}
