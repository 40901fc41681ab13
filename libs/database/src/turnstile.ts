export type Leave = () => void;

/** Lets one caller through at a time, in the order of arrival. */
export class Turnstile {
  private last: Promise<void> = Promise.resolve();

  /** Resolves when it is the caller's turn; the next one enters when the returned function is called. */
  async enter(): Promise<Leave> {
    const before = this.last;
    let leave: Leave = () => undefined;
    this.last = new Promise((resolve) => (leave = resolve));
    await before;
    return leave;
  }
}
