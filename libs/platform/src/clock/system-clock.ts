import { Clock, type Timer } from './clock';

/** The machine's clock. */
export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }

  monotonic(): number {
    return performance.now();
  }

  setTimeout(fn: () => void, ms: number): Timer {
    const timer = setTimeout(fn, Math.max(0, ms)).unref();
    return { cancel: () => clearTimeout(timer) };
  }
}
