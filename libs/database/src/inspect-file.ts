import { constants, existsSync } from 'node:fs';
import { copyFile, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { legacyVersion } from './adoption/legacy-schema';
import { DatabaseRefusedError } from './errors';
import { RawConnection, sqliteCode } from './raw-connection';

/** What the file is. `executed`: names of the migrations that it has had. */
export type Inspection = { kind: 'new' } | { kind: 'ours'; executed: string[] } | { kind: 'legacy'; version: number };

const magic = 'SQLite format 3\0';

/** Newest schema of the original AiKore that can be adopted. */
const newestLegacy = 6;

/**
 * Finds out what a database file is without touching it: everything is done on a copy, because merely opening a
 * database rolls back journals, checkpoints the WAL and leaves files beside it.
 *
 * @param known names of all migrations of this version of AiKore.
 * @throws DatabaseRefusedError when it is damaged, newer than this version, or no database of AiKore.
 */
export async function inspectFile(file: string, known: readonly string[]): Promise<Inspection> {
  const size = await sizeOf(file);
  if (size === 0) return { kind: 'new' };
  await checkMagic(file);
  const folder = await mkdtemp(join(tmpdir(), 'aikore-check-'));
  try {
    const copy = join(folder, 'copy.db');
    for (const part of ['', '-wal', '-journal']) {
      if (existsSync(file + part)) await copyFile(file + part, copy + part, constants.COPYFILE_FICLONE);
    }
    return await inspectCopy(copy, file, known);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Size in bytes; 0 when there is no such file. */
async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw refusal(file, `cannot be read (${error.message})`, 'Check its owner and permissions.');
  });
  if (found && !found.isFile()) throw refusal(file, 'is not a file', 'Move it away.');
  return found?.size ?? 0;
}

async function checkMagic(file: string): Promise<void> {
  const handle = await open(file, 'r').catch((error: Error) => {
    throw refusal(file, `cannot be read (${error.message})`, 'Check its owner and permissions.');
  });
  try {
    const head = Buffer.alloc(magic.length);
    await handle.read(head, 0, head.length, 0);
    if (head.toString('latin1') !== magic) throw refusal(file, 'is not an SQLite database', restore);
  } finally {
    await handle.close();
  }
}

const restore = 'Put a copy from the backups folder in its place, or move it away to begin with an empty database.';

const refusal = (file: string, fault: string, remedy: string): DatabaseRefusedError =>
  new DatabaseRefusedError(`The database ${file} ${fault}. Nothing was changed. ${remedy}`);

async function inspectCopy(copy: string, file: string, known: readonly string[]): Promise<Inspection> {
  try {
    const db = await RawConnection.open(copy);
    try {
      await checkStructure(db, file);
      return await recognise(db, file, known);
    } finally {
      await db.close();
    }
  } catch (error) {
    if (error instanceof DatabaseRefusedError || !sqliteCode(error)) throw error;
    throw refusal(file, `is damaged (${(error as Error).message})`, restore);
  }
}

/**
 * Findings about single values are no reason to refuse the file: they are healed or harmless. `quick_check` reports
 * them among the damage (pragma.html#pragma_integrity_check, pragma.c).
 */
const valueFinding =
  /^(NULL value in|TEXT value in|NUMERIC value in|NON-\w+ value in|CHECK constraint failed in|non-unique entry in index)/;

async function checkStructure(db: RawConnection, file: string): Promise<void> {
  // A damaged header may make SQLite take the file for a read-only one.
  await db.all('BEGIN IMMEDIATE');
  await db.all('ROLLBACK');
  const rows = await db.all('PRAGMA quick_check(100000)');
  const damage = rows.map((row) => String(Object.values(row)[0])).filter((text) => text !== 'ok');
  const first = damage.find((text) => !valueFinding.test(text));
  if (first !== undefined) throw refusal(file, `is damaged (${first.replace(/\s+/g, ' ').slice(0, 200)})`, restore);
}

async function recognise(db: RawConnection, file: string, known: readonly string[]): Promise<Inspection> {
  const tables = await db.all(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
  );
  const names = new Set(tables.map((row) => String(row['name'])));
  const executed = names.has('migrations') ? await executedMigrations(db) : [];
  const unknown = executed.find((name) => !known.includes(name));
  if (unknown !== undefined) throw refusal(file, `is of a newer AiKore (it has ${unknown})`, newer);
  if (executed.length > 0) return { kind: 'ours', executed };
  const version = names.has('instances') ? await legacyVersion(db) : null;
  if (version === null) {
    names.delete('migrations');
    if (names.size === 0) return { kind: 'new' };
    throw refusal(file, 'is not a database of AiKore', restore);
  }
  if (version > newestLegacy) throw refusal(file, `is of a newer AiKore (schema version ${version})`, newer);
  return { kind: 'legacy', version };
}

const newer = 'Start the version of AiKore that wrote it, or put a copy from the backups folder in its place.';

async function executedMigrations(db: RawConnection): Promise<string[]> {
  const rows = await db.all('SELECT name FROM migrations ORDER BY id');
  return rows.map((row) => String(row['name']));
}
