import type { Rate } from '@aikore/contract';

/** Allows a burst, and a steady rate after it. Knows no clock: the caller says what time it is, in milliseconds. */
export class TokenBucket {
  private left: number;
  private at: number;

  constructor(
    private readonly rate: Rate,
    now: number,
  ) {
    this.left = rate.burst;
    this.at = now;
  }

  /** Take one. @returns false when there is none left; nothing is taken then */
  take(now: number): boolean {
    this.refill(now);
    if (this.left < 1) return false;
    this.left -= 1;
    return true;
  }

  /** As good as new: it remembers nothing that matters. */
  isFull(now: number): boolean {
    this.refill(now);
    return this.left === this.rate.burst;
  }

  private refill(now: number): void {
    this.left = Math.min(this.rate.burst, this.left + (Math.max(0, now - this.at) / 1000) * this.rate.perSecond);
    this.at = Math.max(this.at, now);
  }
}
