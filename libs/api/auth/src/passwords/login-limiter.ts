import type { Clock } from '@aikore/platform';
import { addressGroup } from './address-group';

interface Attempts {
  count: number;
  last: number;
}

/** Attempts that cost nothing, and the longest wait between two of the later ones, in ms. */
interface Rule {
  readonly free: number;
  readonly maxDelay: number;
}

const perAccount: Rule = { free: 5, maxDelay: 60_000 };
/** One address trying many names; generous, since a household or office shares one. */
const perAddress: Rule = { free: 20, maxDelay: 60_000 };
const windowMs = 15 * 60_000;
const maxEntries = 10_000;

/**
 * Slows guessing down: per account and address, and per address. An attempt is counted *before* its password is
 * checked, so that parallel attempts do not slip through together. In memory and bounded: the oldest is forgotten.
 */
export class LoginLimiter {
  private readonly attempts = new Map<string, Attempts>();

  constructor(private readonly clock: Clock) {}

  /** Entries held, for the bound's spec. */
  get size(): number {
    return this.attempts.size;
  }

  /**
   * Count one attempt.
   *
   * @returns 0 when it may go on, else the seconds to wait; an attempt that must wait is not counted
   */
  attempt(account: string, address: string): number {
    const [pair, group] = keysOf(account, address);
    const wait = Math.max(this.wait(pair, perAccount), this.wait(group, perAddress));
    if (wait > 0) return Math.ceil(wait / 1000);
    this.count(pair);
    this.count(group);
    return 0;
  }

  /** The attempt was right: what was counted for it is forgotten. */
  succeeded(account: string, address: string): void {
    const [pair, group] = keysOf(account, address);
    this.attempts.delete(pair);
    const shared = this.attempts.get(group);
    if (shared) shared.count -= 1;
  }

  private wait(key: string, { free, maxDelay }: Rule): number {
    const entry = this.attempts.get(key);
    if (!entry) return 0;
    const age = this.clock.monotonic() - entry.last;
    if (age >= windowMs) {
      this.attempts.delete(key);
      return 0;
    }
    if (entry.count < free) return 0;
    return Math.min(1000 * 2 ** (entry.count - free), maxDelay) - age;
  }

  private count(key: string): void {
    const entry = this.attempts.get(key) ?? { count: 0, last: 0 };
    this.attempts.delete(key); // to the end: the map's order is the order of the last attempts
    this.attempts.set(key, { count: entry.count + 1, last: this.clock.monotonic() });
    if (this.attempts.size <= maxEntries) return;
    const [oldest] = this.attempts.keys();
    if (oldest !== undefined) this.attempts.delete(oldest);
  }
}

const keysOf = (account: string, address: string): [string, string] => {
  const group = addressGroup(address);
  return [`${account.toLowerCase()} ${group}`, group];
};
