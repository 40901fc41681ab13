/** What may ask an old database: a raw connection, or the query runner of a migration. */
export interface LegacyReader {
  all(sql: string): Promise<Record<string, unknown>[]>;
}

/** Columns that each version of the original's `instances` added (V2 brought `hostname` and the meta table). */
const addedIn: readonly [version: number, column: string][] = [
  [6, 'python_version'],
  [5, 'parent_instance_id'],
  [4, 'output_path'],
  [3, 'use_custom_hostname'],
  [2, 'hostname'],
];

/**
 * The version of an original AiKore's schema, or null when the `instances` table is not the original's. The columns
 * count more than the row in `aikore_meta`: the original's step to V4 wrote V6 columns and stamped them 4, and a row may
 * be missing; but a stamp above 6 says that there is more than we know.
 */
export async function legacyVersion(db: LegacyReader): Promise<number | null> {
  const columns = new Set(await columnsOf(db, 'instances'));
  const isOriginal = ['id', 'name', 'base_blueprint', 'status'].every((name) => columns.has(name));
  if (!isOriginal || columns.has('slug')) return null;
  const byColumns = addedIn.find(([, column]) => columns.has(column))?.[0] ?? 1;
  return Math.max(byColumns, await stampedVersion(db));
}

export async function columnsOf(db: LegacyReader, table: string): Promise<string[]> {
  const rows = await db.all(`PRAGMA table_info("${table}")`);
  return rows.map((row) => String(row['name']));
}

async function stampedVersion(db: LegacyReader): Promise<number> {
  const columns = await columnsOf(db, 'aikore_meta');
  if (!columns.includes('key') || !columns.includes('value')) return 0;
  const rows = await db.all(`SELECT value FROM aikore_meta WHERE "key" = 'schema_version'`);
  return Math.max(0, ...rows.map((row) => Math.trunc(Number(row['value'])) || 0));
}
