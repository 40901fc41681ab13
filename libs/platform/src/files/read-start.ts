import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { StorageError } from './storage-error';

/**
 * The first `limit` bytes of a regular file, and its whole size. Never waits, as reading a pipe that somebody put in its
 * place would.
 *
 * @throws StorageError, also for what is no regular file
 */
export const readStart = async (path: string, limit: number): Promise<{ bytes: Uint8Array; size: number }> => {
  try {
    // Non-blocking: opening a pipe that nobody writes to would wait for ever.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw new StorageError('not_a_file', path);
      const buffer = Buffer.alloc(Math.min(limit, stats.size));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
      return { bytes: buffer.subarray(0, bytesRead), size: stats.size };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw StorageError.from(error, path);
  }
};
