import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RawConnection } from './raw-connection';

/** Backups that are kept; the oldest go first. */
const kept = 7;
const finished = /^aikore-\d{4}-.*-before-.*\.db$/;
const partial = '.partial';

export interface BackupRequest {
  file: string;
  backupsDir: string;
  /** What the backup was made before, such as a version. */
  target: string;
  now: Date;
  onStatement?: (sql: string) => void;
}

/**
 * Writes a whole, consistent copy with `VACUUM INTO`: copying the file of a WAL database misses what is in the WAL.
 * It has its name only once it is complete and on the disk. When the newest backup is the same already, as after a
 * start that failed, that one stays the only one: a server that keeps failing would else push out all older ones.
 *
 * @returns the path of the backup.
 */
export async function backUp({ file, backupsDir, target, now, onStatement }: BackupRequest): Promise<string> {
  await mkdir(backupsDir, { recursive: true });
  await removePartial(backupsDir);
  const path = freePath(backupsDir, now, target);
  const db = await RawConnection.open(file, { onStatement });
  try {
    await db.all('PRAGMA busy_timeout = 10000');
    await db.all('VACUUM INTO ?', [path + partial]);
  } finally {
    await db.close();
  }
  const newest = (await finishedBackups(backupsDir)).at(-1);
  if (newest && (await sameContent(newest, path + partial))) {
    await rm(path + partial);
    return newest;
  }
  await sync(path + partial);
  await rename(path + partial, path);
  await sync(backupsDir);
  await removeOldest(backupsDir);
  return path;
}

/** Leftovers of a backup that was cut off. */
async function removePartial(backupsDir: string): Promise<void> {
  for (const name of await readdir(backupsDir)) {
    if (name.startsWith('aikore-') && name.includes(partial)) await rm(join(backupsDir, name), { force: true });
  }
}

/** Colons are replaced: not every file system that a folder may be copied to has them. */
function freePath(backupsDir: string, now: Date, target: string): string {
  const time = now.toISOString().replaceAll(':', '-');
  const stem = join(backupsDir, `aikore-${time}-before-${target.replace(/[^A-Za-z0-9._-]+/g, '-')}`);
  let path = `${stem}.db`;
  for (let n = 2; existsSync(path); n += 1) path = `${stem}-${n}.db`;
  return path;
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function removeOldest(backupsDir: string): Promise<void> {
  for (const path of (await finishedBackups(backupsDir)).slice(0, -kept)) await rm(path, { force: true });
}

/** Oldest first. */
async function finishedBackups(backupsDir: string): Promise<string[]> {
  const names = (await readdir(backupsDir)).filter((name) => finished.test(name)).sort();
  return names.map((name) => join(backupsDir, name));
}

/** `VACUUM INTO` writes the same bytes for the same content. */
async function sameContent(one: string, other: string): Promise<boolean> {
  if ((await stat(one)).size !== (await stat(other)).size) return false;
  return (await readFile(one)).equals(await readFile(other));
}
