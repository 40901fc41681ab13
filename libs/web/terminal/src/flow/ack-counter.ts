/** Bytes between two acknowledgements: a quarter of what the server resumes at (`terminalFlow.resume`). */
const everyBytes = 32 * 1024;
/** The rest is acknowledged after this silence, in ms. */
const afterMs = 50;

/** Counts the bytes that the screen has taken in since it was attached, and tells the server now and then. */
export class AckCounter {
  private received = 0;
  private told = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  /** @param tell gets the total since the beginning */
  constructor(private readonly tell: (received: number) => void) {}

  /** These bytes were written to the screen. */
  add(bytes: number): void {
    if (this.stopped) return;
    this.received += bytes;
    if (this.received - this.told >= everyBytes) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), afterMs);
  }

  /** Tells nothing more: what is written from now on belongs to nobody. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.told === this.received) return;
    this.told = this.received;
    this.tell(this.received);
  }
}
