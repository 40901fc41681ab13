import { lstat } from 'node:fs/promises';
import { StorageError } from './storage-error';

/**
 * The size of a file, and the smallest piece that its file system frees, both in bytes; null when there is no such file.
 * A link is none: what it leads to is not what is asked about.
 *
 * @throws StorageError
 */
export const measureFile = async (path: string): Promise<{ size: number; blockSize: number } | null> => {
  try {
    const stats = await lstat(path);
    return stats.isFile() ? { size: stats.size, blockSize: stats.blksize } : null;
  } catch (cause) {
    const error = StorageError.from(cause, path);
    if (error.problem === 'missing') return null;
    throw error;
  }
};
