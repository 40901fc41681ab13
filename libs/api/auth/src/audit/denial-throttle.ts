import type { Clock } from '@aikore/platform';

const windowMs = 60_000;
const perWindow = 10;
const maxKeys = 1000;

/** Keeps a flood of refusals from filling the audit log: ten a minute of each kind, then only their number. */
export class DenialThrottle {
  private readonly kinds = new Map<string, { since: number; seen: number }>();

  constructor(private readonly clock: Clock) {}

  /** @returns how many of this kind were left out since the last one that was written; null: leave this one out too */
  admit(kind: string): number | null {
    const now = this.clock.monotonic();
    const entry = this.kinds.get(kind);
    if (entry && now - entry.since < windowMs) {
      entry.seen += 1;
      return entry.seen <= perWindow ? 0 : null;
    }
    this.kinds.delete(kind);
    this.kinds.set(kind, { since: now, seen: 1 });
    if (this.kinds.size > maxKeys) {
      const [oldest] = this.kinds.keys();
      if (oldest !== undefined) this.kinds.delete(oldest);
    }
    return entry ? Math.max(0, entry.seen - perWindow) : 0;
  }
}
