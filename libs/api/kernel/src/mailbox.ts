/**
 * Runs tasks of one key one after the other, in order; different keys run side by side. A task that fails does not
 * stop the next one. Idle keys take no memory.
 */
export class Mailbox<K> {
  private readonly tails = new Map<K, Promise<unknown>>();

  /** Run `task` after all earlier tasks of `key`; resolves or rejects as the task does. */
  post<T>(key: K, task: () => Promise<T>): Promise<T> {
    const previous = this.tails.get(key) ?? Promise.resolve();
    const result = previous.then(task, task);
    const tail = result.then(
      () => undefined,
      () => undefined,
    );
    this.tails.set(key, tail);
    void tail.then(() => {
      if (this.tails.get(key) === tail) this.tails.delete(key);
    });
    return result;
  }

  /** Resolves when nothing is queued or running. */
  async idle(): Promise<void> {
    while (this.tails.size > 0) await Promise.all(this.tails.values());
  }
}
