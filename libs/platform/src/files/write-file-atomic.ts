import { randomBytes } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { WriteOptions } from './files';
import { syncFolder } from './folders';
import { StorageError } from './storage-error';

/**
 * Replaces a file: a reader sees the old content or the new one, and so does the next boot. Temp file in the same
 * folder → write all → size check → fsync → rename → fsync folder (SECURITY.md fact 7); on any error the old file
 * is untouched and the temp file gone.
 *
 * @param options.mode permission bits; by default those of the file that is replaced, else 0o600
 * @throws StorageError
 */
export const writeFileAtomic = async (
  path: string,
  data: string | Uint8Array,
  options: WriteOptions = {},
): Promise<void> => {
  const temp = join(dirname(path), `.aikore-${randomBytes(8).toString('hex')}.tmp`);
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  try {
    const mode = options.mode ?? (await currentMode(path)) ?? 0o600;
    await writeWhole(temp, bytes, mode);
    await rename(temp, path);
  } catch (error) {
    await rm(temp, { force: true }).catch(() => undefined);
    throw StorageError.from(error, path);
  }
  await syncFolder(dirname(path)).catch((error: unknown) => {
    throw StorageError.from(error, path);
  });
};

const currentMode = async (path: string): Promise<number | null> => {
  const found = await stat(path).catch(() => null);
  return found?.isFile() ? found.mode & 0o777 : null;
};

const writeWhole = async (path: string, bytes: Uint8Array, mode: number): Promise<void> => {
  const handle = await open(path, 'wx', mode);
  try {
    await handle.writeFile(bytes);
    // A file system that reports success and keeps less is how good files were truncated before.
    const { size } = await handle.stat();
    if (size !== bytes.byteLength) throw new StorageError('full', path);
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
};
