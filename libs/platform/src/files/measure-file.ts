import { stat } from 'node:fs/promises';
import { StorageError } from './storage-error';

/**
 * The size of a file, and the smallest piece that its file system frees, both in bytes; null when there is no such file.
 *
 * @throws StorageError
 */
export const measureFile = async (path: string): Promise<{ size: number; blockSize: number } | null> => {
  try {
    const { size, blksize } = await stat(path);
    return { size, blockSize: blksize };
  } catch (cause) {
    const error = StorageError.from(cause, path);
    if (error.problem === 'missing') return null;
    throw error;
  }
};
