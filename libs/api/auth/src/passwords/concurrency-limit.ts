/** Lets a few tasks run at once, some wait in order, and turns the rest away. */
export class ConcurrencyLimit {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly limit: number,
    private readonly queue: number,
  ) {}

  /** @returns null when the queue is full, else what the task resolves or rejects to */
  pass<T>(task: () => Promise<T>): Promise<T> | null {
    if (this.running >= this.limit && this.waiting.length >= this.queue) return null;
    return this.run(task);
  }

  private async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.running < this.limit) this.running += 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve)); // the one that leaves hands its place over
    try {
      return await task();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}
