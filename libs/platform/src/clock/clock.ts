/** A pending call of `Clock.setTimeout`. */
export interface Timer {
  /** Forgets the call; harmless after it has run or when called twice. */
  cancel(): void;
}

/** The time, as a dependency: `SystemClock` in the server, `FakeClock` (virtual time) in specs. */
export abstract class Clock {
  /** The wall clock, for timestamps that people and databases see. */
  abstract now(): Date;

  /** Milliseconds since some fixed moment; never jumps back. For durations and deadlines. */
  abstract monotonic(): number;

  /**
   * Calls `fn` once, `ms` milliseconds from now. Timers do not keep the program alive.
   *
   * @param ms delay in milliseconds; negative counts as 0
   */
  abstract setTimeout(fn: () => void, ms: number): Timer;
}
