import type { Clock, Timer } from '@aikore/platform';

const windowMs = 60_000;
const perWindow = 10;
const maxKinds = 1000;

interface Window<T> {
  seen: number;
  /** The latest one that was held back. */
  last: T | null;
  readonly end: Timer;
}

/**
 * Keeps a flood of refusals from filling the audit log: ten a minute of each kind are told at once. Of the others the
 * last one is told when the minute is over, with the number of those left out before it.
 */
export class DenialThrottle<T> {
  private readonly windows = new Map<string, Window<T>>();

  /** @param tell `suppressed`: how many of the kind were left out just before this one */
  constructor(
    private readonly clock: Clock,
    private readonly tell: (entry: T, suppressed: number) => void,
  ) {}

  add(kind: string, entry: T): void {
    const window = this.windows.get(kind) ?? this.open(kind);
    window.seen += 1;
    if (window.seen <= perWindow) this.tell(entry, 0);
    else window.last = entry;
  }

  /** Tell what is held back still. */
  close(): void {
    for (const kind of [...this.windows.keys()]) this.endOf(kind);
  }

  private open(kind: string): Window<T> {
    const [oldest] = this.windows.keys();
    if (this.windows.size >= maxKinds && oldest !== undefined) this.endOf(oldest);
    const window = { seen: 0, last: null, end: this.clock.setTimeout(() => this.endOf(kind), windowMs) };
    this.windows.set(kind, window);
    return window;
  }

  private endOf(kind: string): void {
    const window = this.windows.get(kind);
    if (!window) return;
    window.end.cancel();
    this.windows.delete(kind);
    if (window.last !== null) this.tell(window.last, window.seen - perWindow - 1);
  }
}
