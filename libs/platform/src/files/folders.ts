import { chmod, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StorageError } from './storage-error';

const codeOf = (error: unknown): string | null => StorageError.from(error, '').code;

/** Makes the directory entry itself durable; some file systems cannot, and then have nothing to lose. */
export const syncFolder = async (path: string): Promise<void> => {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (codeOf(error) !== 'EINVAL') throw error;
  } finally {
    await handle.close();
  }
};

/**
 * Makes a folder and its parents. Not `mkdir(…, {recursive: true})`: that loops for ever where the system answers
 * ENOENT below a parent that exists (/proc, some network mounts), seen on Node 20.
 *
 * @throws StorageError
 */
export const ensureDir = async (path: string): Promise<void> => {
  try {
    await mkdir(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && !(await isFolder(dirname(path)))) {
      await ensureDir(dirname(path));
      await mkdir(path).catch((again: unknown) => rejectUnlessFolder(path, again));
    } else await rejectUnlessFolder(path, error);
  }
};

/** True when there is a folder, or a link to one, at `path`; also one that may not be read. */
export const isFolder = async (path: string): Promise<boolean> =>
  (await readdir(path).catch(() => null)) !== null || (await lstat(path).catch(() => null))?.isDirectory() === true;

const rejectUnlessFolder = async (path: string, error: unknown): Promise<void> => {
  if (codeOf(error) !== 'EEXIST' || !(await isFolder(path))) throw StorageError.from(error, path);
};

/** The names in a folder, sorted; empty when there is no such folder. @throws StorageError */
export const listFolder = async (path: string): Promise<string[]> => {
  try {
    return (await readdir(path)).sort();
  } catch (cause) {
    const error = StorageError.from(cause, path);
    if (error.problem === 'missing') return [];
    throw error;
  }
};

/**
 * Renames a folder within one file system, durably; the target must not exist.
 *
 * @throws StorageError `exists`, `missing`, `other_device`, …
 */
export const moveDirectory = async (from: string, to: string): Promise<void> => {
  // rename(2) would silently replace an empty folder.
  if ((await lstat(to).catch(() => null)) !== null) throw new StorageError('exists', to, 'EEXIST');
  try {
    await rename(from, to);
    await syncFolder(dirname(to));
    if (dirname(from) !== dirname(to)) await syncFolder(dirname(from));
  } catch (error) {
    throw StorageError.from(error, codeOf(error) === 'ENOENT' ? from : to);
  }
};

/**
 * Deletes a file or folder with all it holds; fine when there is none. Symlinks are removed, never followed. Folders
 * that their owner made read-only (package caches do) are opened up and the deletion is tried once more.
 *
 * @throws StorageError
 */
export const removeTree = async (path: string): Promise<void> => {
  const options = { recursive: true, force: true, maxRetries: 3 };
  try {
    await rm(path, options);
  } catch (first) {
    if (StorageError.from(first, path).problem !== 'denied') throw StorageError.from(first, path);
    try {
      await openUp(path);
      await rm(path, options);
    } catch (error) {
      throw StorageError.from(error, path);
    }
  }
};

const openUp = async (path: string): Promise<void> => {
  if (!(await lstat(path)).isDirectory()) return;
  await chmod(path, 0o700);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isDirectory()) await openUp(join(path, entry.name));
  }
};
