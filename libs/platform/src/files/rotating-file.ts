import { appendFile, open, rename } from 'node:fs/promises';
import { StorageError } from './storage-error';

/** A file that lines are appended to; when it is full it becomes `<file>.1`, that one `.2`, and so on. */
export class RotatingFile {
  /** Null: to be looked up, at the start and after an append that failed, maybe half-way. */
  private size: number | null = null;
  /** The file ends within a line. */
  private isTorn = false;

  constructor(
    private readonly path: string,
    private readonly maxBytes: number,
    private readonly kept: number,
  ) {}

  /** Append whole lines; readable for the server's own user only. One call at a time. @throws StorageError */
  async append(text: string): Promise<void> {
    try {
      await this.write(text);
    } catch (error) {
      throw StorageError.from(error, this.path);
    }
  }

  private async write(text: string): Promise<void> {
    let size = this.size ?? (await this.lookUp());
    this.size = null;
    if (size > 0 && size + Buffer.byteLength(text) > this.maxBytes) {
      await this.rotate();
      size = 0;
      this.isTorn = false;
    }
    const lines = this.isTorn ? `\n${text}` : text;
    await appendFile(this.path, lines, { mode: 0o600 });
    this.isTorn = false;
    this.size = size + Buffer.byteLength(lines);
  }

  /** The file's size, and whether it ends within a line: a full disk or a power cut may have torn the last one. */
  private async lookUp(): Promise<number> {
    const file = await open(this.path, 'r+').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    this.isTorn = false;
    if (!file) return 0;
    try {
      const { size } = await file.stat();
      await file.chmod(0o600); // the mode of an append counts for a new file only
      const { buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
      this.isTorn = size > 0 && buffer.toString('latin1') !== '\n';
      return size;
    } finally {
      await file.close();
    }
  }

  private async rotate(): Promise<void> {
    for (let number = this.kept - 1; number >= 0; number -= 1) {
      const from = number === 0 ? this.path : `${this.path}.${number}`;
      await rename(from, `${this.path}.${number + 1}`).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
    }
  }
}
