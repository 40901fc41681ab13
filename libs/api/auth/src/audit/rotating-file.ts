import { appendFile, chmod, rename, stat } from 'node:fs/promises';

/** A file that lines are appended to; when it is full it becomes `<file>.1`, that one `.2`, and so on. */
export class RotatingFile {
  private size: number | null = null;

  constructor(
    private readonly path: string,
    private readonly maxBytes: number,
    private readonly kept: number,
  ) {}

  /** Append text; readable for the server's own user only. One call at a time. */
  async append(text: string): Promise<void> {
    this.size ??= await this.openSize();
    if (this.size > 0 && this.size + Buffer.byteLength(text) > this.maxBytes) await this.rotate();
    await appendFile(this.path, text, { mode: 0o600 });
    this.size += Buffer.byteLength(text);
  }

  private async openSize(): Promise<number> {
    try {
      const { size } = await stat(this.path);
      await chmod(this.path, 0o600); // `mode` above counts for a new file only
      return size;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
      throw error;
    }
  }

  private async rotate(): Promise<void> {
    for (let number = this.kept - 1; number >= 0; number -= 1) {
      const from = number === 0 ? this.path : `${this.path}.${number}`;
      await rename(from, `${this.path}.${number + 1}`).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
    }
    this.size = 0;
  }
}
