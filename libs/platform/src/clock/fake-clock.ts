import { Clock, type Timer } from './clock';

interface Due {
  at: number;
  fn: () => void;
}

/** Lets every promise that is ready run on, and what those start, before virtual time moves again. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
};

/** Virtual time for specs: stands still until `advance`. */
export class FakeClock extends Clock {
  private elapsed = 0;
  private readonly due = new Set<Due>();

  constructor(private readonly start = new Date('2026-01-01T00:00:00Z')) {
    super();
  }

  /** How many timers wait; a spec that closes its subject expects 0. */
  get pending(): number {
    return this.due.size;
  }

  now(): Date {
    return new Date(this.start.getTime() + this.elapsed);
  }

  monotonic(): number {
    return this.elapsed;
  }

  setTimeout(fn: () => void, ms: number): Timer {
    const due = { at: this.elapsed + Math.max(0, ms), fn };
    this.due.add(due);
    return { cancel: () => void this.due.delete(due) };
  }

  /** Moves time on by `ms`, running due timers in order, each followed by the promises that it settles. */
  async advance(ms: number): Promise<void> {
    const end = this.elapsed + ms;
    await settle();
    for (let next = this.next(end); next; next = this.next(end)) {
      this.due.delete(next);
      this.elapsed = next.at;
      next.fn();
      await settle();
    }
    this.elapsed = end;
  }

  /** The earliest timer due by `end`; among equals the one set first (a Set keeps that order). */
  private next(end: number): Due | undefined {
    let first: Due | undefined;
    for (const due of this.due) if (due.at <= end && (!first || due.at < first.at)) first = due;
    return first;
  }
}
