/** Runs tasks one after the other, in order. After one that fails the others are left out. */
export class TaskQueue {
  private tail: Promise<void> = Promise.resolve();

  /** Resolves or rejects as the task does. */
  add(task: () => Promise<void>): Promise<void> {
    this.tail = this.tail.then(task);
    this.tail.catch(() => undefined); // whoever waits for the result hears of it
    return this.tail;
  }
}
