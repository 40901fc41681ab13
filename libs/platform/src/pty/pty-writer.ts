import { writeSync } from 'node:fs';

/** How long to wait before what was not taken is tried again: from, and up to, in milliseconds. */
const retryFrom = 2;
const retryUpTo = 50;

interface Piece {
  rest: Uint8Array;
  readonly done: () => void;
}

/**
 * Writes to the master of a pty, which takes about 4 KiB until the program reads. node-pty's own queue asks again in
 * every turn of the event loop, and so burns a core as long as a program does not read. The descriptor does not block,
 * so writing in this thread costs microseconds; in the pool's threads it could meet a descriptor that was closed, and
 * given to something else, meanwhile.
 */
export class PtyWriter {
  private readonly queue: Piece[] = [];
  private timer: NodeJS.Timeout | null = null;
  private delay = retryFrom;
  private closed = false;

  /** @param fd non-blocking, and open until `close` is called */
  constructor(private readonly fd: number) {}

  /** @returns resolves when all of it was taken, or the writer was closed */
  write(bytes: Uint8Array): Promise<void> {
    if (this.closed || bytes.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.queue.push({ rest: bytes, done: resolve });
      if (!this.timer) this.drain();
    });
  }

  /** Forget what was not taken. */
  close(): void {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    for (const { done } of this.queue.splice(0)) done();
  }

  private drain(): void {
    this.timer = null;
    for (let [piece] = this.queue; piece; [piece] = this.queue) {
      const taken = this.offer(piece.rest);
      if (taken === null) return this.close();
      piece.rest = piece.rest.subarray(taken);
      this.delay = taken > 0 ? retryFrom : Math.min(2 * this.delay, retryUpTo);
      if (piece.rest.length > 0) {
        if (taken > 0) continue;
        this.timer = setTimeout(() => this.drain(), this.delay).unref();
        return;
      }
      this.queue.shift();
      piece.done();
    }
  }

  /** @returns how many bytes were taken; null when the terminal is gone */
  private offer(bytes: Uint8Array): number | null {
    try {
      return writeSync(this.fd, bytes);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 0 : null;
    }
  }
}
