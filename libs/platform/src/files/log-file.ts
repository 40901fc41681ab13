import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { lineStart } from '@aikore/domain';
import { StorageError } from './storage-error';

// The app may put anything in the file's place: a link is not followed, and opening a FIFO must not wait for a writer.
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Smallest piece that a file system frees, in bytes. */
const block = 4096;

/** The log of one run, open for reading. The app appends to it; a byte never changes its offset. */
export class LogFile {
  private constructor(private readonly handle: FileHandle) {}

  /**
   * @returns null when there is no such file
   * @throws StorageError; `link` and `not_a_file` say what was put in its place
   */
  static async open(path: string): Promise<LogFile | null> {
    let handle: FileHandle;
    try {
      handle = await open(path, flags);
    } catch (cause) {
      const error = StorageError.from(cause, path);
      if (error.problem === 'missing') return null;
      throw error.code === 'ENXIO' ? new StorageError('not_a_file', path, error.code, { cause }) : error;
    }
    if ((await handle.stat()).isFile()) return new LogFile(handle);
    await handle.close();
    throw new StorageError('not_a_file', path);
  }

  /** Runs `use` with the open file (null: there is none) and closes it. */
  static async using<T>(path: string, use: (file: LogFile | null) => Promise<T>): Promise<T> {
    const file = await LogFile.open(path);
    try {
      return await use(file);
    } finally {
      await file?.close();
    }
  }

  /** Bytes in the file, dropped ones included: the offset of the next byte. */
  async size(): Promise<number> {
    return (await this.handle.stat()).size;
  }

  /** The bytes [from, to); fewer when the file ends before `to`. */
  async read(from: number, to: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafeSlow(Math.max(0, to - from));
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await this.handle.read(buffer, filled, buffer.length - filled, from + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled === buffer.length ? buffer : buffer.subarray(0, filled);
  }

  /**
   * Where the last `bytes` bytes of [start, end) begin, moved on to the start of a line. Without a line feed in them
   * it is the start of a UTF-8 character.
   */
  async tailOffset(bytes: number, start: number, end: number): Promise<number> {
    const from = end - bytes;
    if (from <= start) return start;
    // One byte earlier: a line that begins exactly at `from` is whole.
    const part = await this.read(from - 1, end);
    const cut = from - 1 + lineStart(part);
    return Math.min(Math.max(cut, from), end);
  }

  /**
   * The first byte at or after `start` that was not freed. Freed blocks read as NUL, and only a prefix is ever freed,
   * so it is found by halving. Needed when the database is older than the file (restored from a backup).
   */
  async skipHole(start: number): Promise<number> {
    const end = await this.size();
    if (start >= end || !(await this.isHole(start))) return start;
    let freed = Math.floor(start / block);
    let kept = Math.ceil(end / block);
    while (kept - freed > 1) {
      const middle = Math.floor((freed + kept) / 2);
      if (await this.isHole(middle * block)) freed = middle;
      else kept = middle;
    }
    return Math.min(kept * block, end);
  }

  private async isHole(offset: number): Promise<boolean> {
    const bytes = await this.read(offset, offset + block);
    return bytes.length === block && bytes.every((byte) => byte === 0);
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}
