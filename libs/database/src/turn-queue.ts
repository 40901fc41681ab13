export type Leave = () => void;

/** Lets one caller through at a time, in the order of arrival. */
export class TurnQueue {
  private last: Promise<void> = Promise.resolve();
  private inside = 0;

  /**
   * @param patience milliseconds after which a waiting caller gives up: a transaction that waits for a statement
   *   outside itself would otherwise stop the server without a word.
   */
  constructor(private readonly patience: number) {}

  /**
   * Resolves when it is the caller's turn; the next one enters when the returned function is called.
   *
   * @throws Error when the turn does not come in time.
   */
  async enter(): Promise<Leave> {
    const before = this.last;
    let next: () => void = () => undefined;
    this.last = new Promise((resolve) => (next = resolve));
    const leave = () => {
      this.inside -= 1;
      next();
    };
    this.inside += 1;
    if (this.inside > 1) await this.turn(before, leave);
    return leave;
  }

  private async turn(before: Promise<void>, leave: Leave): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(overdue(this.patience))), this.patience);
    });
    try {
      await Promise.race([before, tooLate]);
    } catch (error) {
      void before.then(leave);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

const overdue = (patience: number): string =>
  `The database was held by one transaction for ${patience / 1000} s. A transaction must not wait for anything but ` +
  'the database, and only Transactions.run lets other repositories take part in it.';
