import { terminalLimits } from '@aikore/contract';
import type { Clock, Timer } from '@aikore/platform';

export interface IdleTarget {
  /** A program runs in it: silence is no idleness (a build that says nothing for an hour). */
  isBusy(): boolean;
  /** It will be ended then; null: not any more. */
  endsAt(time: Date | null): void;
  end(): void;
}

const { idleMs, warningMs } = terminalLimits;

/** Ends a terminal at whose prompt nothing happens, and says so before. */
export class IdleWatch {
  private lastUse: number;
  private isWarned = false;
  private timer: Timer | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly target: IdleTarget,
  ) {
    this.lastUse = clock.monotonic();
    this.lookIn(idleMs - warningMs);
  }

  /** Something was typed or written. */
  touch(): void {
    this.lastUse = this.clock.monotonic();
    if (!this.isWarned) return; // the timer looks at `lastUse` itself: bytes are many, idleness is rare
    this.isWarned = false;
    this.target.endsAt(null);
    this.lookIn(idleMs - warningMs);
  }

  stop(): void {
    this.timer?.cancel();
  }

  private look(): void {
    const silent = this.clock.monotonic() - this.lastUse;
    const due = this.isWarned ? idleMs : idleMs - warningMs;
    if (silent < due) return this.lookIn(due - silent);
    if (this.target.isBusy()) {
      this.touch();
      this.lookIn(idleMs - warningMs);
    } else if (this.isWarned) {
      this.target.end();
    } else {
      this.isWarned = true;
      this.target.endsAt(new Date(this.clock.now().getTime() + idleMs - silent));
      this.lookIn(idleMs - silent);
    }
  }

  private lookIn(ms: number): void {
    this.timer?.cancel();
    this.timer = this.clock.setTimeout(() => this.look(), ms);
  }
}
