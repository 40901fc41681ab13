import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataDirLockedError } from './errors';
import { RawConnection, sqliteCode } from './raw-connection';

export interface DataDirLock {
  /** Lets the folder go. The kernel does so itself when the process ends, however it ends. */
  release(): Promise<void>;
}

/**
 * Makes this process the only server of a data folder, until it ends. The lock is SQLite's exclusive lock on
 * `aikore.lock`: a kernel lock (fcntl) that vanishes with the process and holds between containers that share a volume,
 * which no pid file does. `aikore.pid` only names the holder.
 *
 * @throws DataDirLockedError when another process, or this one, holds it.
 */
export async function lockDataDir(dataDir: string): Promise<DataDirLock> {
  await mkdir(dataDir, { recursive: true });
  const pidFile = join(dataDir, 'aikore.pid');
  const db = await RawConnection.open(join(dataDir, 'aikore.lock'), { create: true });
  try {
    await db.all('PRAGMA locking_mode = EXCLUSIVE');
    await db.all('BEGIN EXCLUSIVE');
    await writeFile(pidFile, `${process.pid}\n`);
  } catch (error) {
    await db.close();
    if (sqliteCode(error) !== 'SQLITE_BUSY') throw error;
    throw new DataDirLockedError(dataDir, await readPid(pidFile));
  }
  return {
    release: async () => {
      await rm(pidFile, { force: true });
      await db.close();
    },
  };
}

async function readPid(pidFile: string): Promise<number | null> {
  const text = await readFile(pidFile, 'utf8').catch(() => '');
  return /^\d+\s*$/.test(text) ? Number(text) : null;
}
