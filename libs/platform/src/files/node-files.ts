import { lstat, readFile, stat } from 'node:fs/promises';
import { Files, type WriteOptions } from './files';
import { ensureDir, listFolder, moveDirectory, removeTree } from './folders';
import { readStart } from './read-start';
import { resolveInside } from './resolve-inside';
import { StorageError } from './storage-error';
import { writeFileAtomic } from './write-file-atomic';

/** The disk, through node:fs. */
export class NodeFiles extends Files {
  resolveInside(root: string, relative: string): Promise<string> {
    return resolveInside(root, relative);
  }

  writeFileAtomic(path: string, data: string | Uint8Array, options?: WriteOptions): Promise<void> {
    return writeFileAtomic(path, data, options);
  }

  ensureDir(path: string): Promise<void> {
    return ensureDir(path);
  }

  moveDirectory(from: string, to: string): Promise<void> {
    return moveDirectory(from, to);
  }

  removeTree(path: string): Promise<void> {
    return removeTree(path);
  }

  exists(path: string): Promise<boolean> {
    return orWhenMissing(path, async () => (await lstat(path)) !== null, false);
  }

  readText(path: string): Promise<string | null> {
    return orWhenMissing<string | null>(path, () => readFile(path, 'utf8'), null);
  }

  read(path: string): Promise<Uint8Array | null> {
    return orWhenMissing<Uint8Array | null>(path, () => readFile(path), null);
  }

  readStart(path: string, limit: number): Promise<{ bytes: Uint8Array; size: number } | null> {
    const read = () => readStart(path, limit);
    return orWhenMissing<{ bytes: Uint8Array; size: number } | null>(path, read, null);
  }

  stat(path: string): Promise<{ size: number; modifiedAt: number } | null> {
    const read = async () => {
      const { size, mtimeMs } = await stat(path);
      return { size, modifiedAt: mtimeMs };
    };
    return orWhenMissing<{ size: number; modifiedAt: number } | null>(path, read, null);
  }

  list(path: string): Promise<string[]> {
    return listFolder(path);
  }
}

const orWhenMissing = async <T>(path: string, read: () => Promise<T>, missing: T): Promise<T> => {
  try {
    return await read();
  } catch (cause) {
    const error = StorageError.from(cause, path);
    if (error.problem === 'missing') return missing;
    throw error;
  }
};
