/** Sizes that a cursor works with, in bytes (`logFlow` of the contract). */
export interface CursorLimits {
  /** Most bytes that may be sent without having been acknowledged. */
  readonly window: number;
  /** Most bytes of one message. */
  readonly chunk: number;
  /** A viewer that was at the end and falls further behind than this is moved forward. */
  readonly maxLag: number;
  /** How far before the end such a viewer goes on. */
  readonly snapshot: number;
}

/** What to do next for a viewer. Offsets are byte positions in the run's log. */
export type CursorStep =
  | { readonly kind: 'send'; readonly from: number; readonly to: number }
  | { readonly kind: 'gap'; readonly from: number; readonly to: number; readonly reason: 'capped' | 'slow' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'end' };

interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Where one viewer stands in one run's log. It is told what happens (`grown`, `dropped`, `acked`, `ended`), says in
 * `next()` what to do, and is told by `done()` that it was done. Whatever the order of events: the ranges that were
 * sent and the ranges of the gaps follow each other without overlap or hole, and at most `window` sent bytes are
 * unacknowledged. A viewer with a full window gets nothing, not even gap messages, so one that never acknowledges
 * costs its window and no more.
 */
export class LogCursor {
  private size: number;
  private logStart: number;
  private sent: number;
  private acknowledged: number;
  /** Gaps that lie after `acknowledged`: their bytes are not in flight. */
  private gaps: Range[] = [];
  /** It has been at the end of the log once: only then does falling behind mean "too slow". */
  private live: boolean;
  private hasEnded = false;

  /**
   * @param start `offset` of the first byte to send; `logStart`: first byte that is still kept; `size`: end of the log
   */
  constructor(
    private readonly limits: CursorLimits,
    start: { offset: number; logStart: number; size: number },
  ) {
    this.size = start.size;
    this.logStart = start.logStart;
    this.sent = start.offset;
    this.acknowledged = start.offset;
    this.live = start.offset >= start.size;
  }

  /** Offset of the next byte to be sent. */
  get position(): number {
    return this.sent;
  }

  /** Bytes sent that the client has not acknowledged. */
  get inFlight(): number {
    return this.gaps.reduce((bytes, gap) => bytes - (gap.to - gap.from), this.sent - this.acknowledged);
  }

  /** The log is now `size` bytes long. A smaller size is ignored: a log never shrinks. */
  grown(size: number): void {
    this.size = Math.max(this.size, size);
  }

  /** The bytes before `logStart` are no longer kept. */
  dropped(logStart: number): void {
    this.logStart = Math.max(this.logStart, logStart);
    this.size = Math.max(this.size, this.logStart);
  }

  /** No byte will be added any more: `size` is final. */
  ended(): void {
    this.hasEnded = true;
  }

  /**
   * The client has everything up to `offset`.
   *
   * @returns false when that cannot be true, because it was never sent; nothing changes then
   */
  acked(offset: number): boolean {
    if (offset > this.sent) return false;
    this.acknowledged = Math.max(this.acknowledged, offset);
    this.settleGaps();
    return true;
  }

  /** What to do now. Stays the same until something is told to the cursor. */
  next(): CursorStep {
    if (this.sent >= this.size && this.sent >= this.logStart) return { kind: this.hasEnded ? 'end' : 'wait' };
    const room = this.limits.window - this.inFlight;
    if (room <= 0) return { kind: 'wait' };
    if (this.sent < this.logStart) return { kind: 'gap', from: this.sent, to: this.logStart, reason: 'capped' };
    if (this.tooSlow()) return { kind: 'gap', from: this.sent, to: this.size - this.limits.snapshot, reason: 'slow' };
    const to = Math.min(this.size, this.sent + Math.min(this.limits.chunk, room));
    return { kind: 'send', from: this.sent, to };
  }

  /** The step was carried out. */
  done(step: CursorStep): void {
    if (step.kind !== 'send' && step.kind !== 'gap') return;
    this.sent = step.to;
    if (step.kind === 'gap') {
      this.gaps.push({ from: step.from, to: step.to });
      this.settleGaps();
    }
    this.live ||= this.sent >= this.size;
  }

  /** An ended log is finite: its rest can be sent however long that takes, so nothing of it is skipped. */
  private tooSlow(): boolean {
    return this.live && !this.hasEnded && this.size - this.sent > this.limits.maxLag;
  }

  /** An acknowledgement that reaches a gap covers it: clients need not acknowledge gaps. */
  private settleGaps(): void {
    for (let gap = this.gaps[0]; gap && gap.from <= this.acknowledged; gap = this.gaps[0]) {
      this.acknowledged = Math.max(this.acknowledged, gap.to);
      this.gaps.shift();
    }
  }
}
