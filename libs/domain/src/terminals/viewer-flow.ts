/** Bytes, see `terminalFlow` of the contract. */
export interface FlowLimits {
  readonly pause: number;
  readonly resume: number;
  readonly lag: number;
}

/** How far one viewer is behind. Counts bytes since it attached, as it acknowledges them. */
export class ViewerFlow {
  private sent = 0;
  private received = 0;
  /** Where the last whole screen ended: a large one is no sign of a slow viewer. */
  private screenEnd = 0;
  private behind = false;

  constructor(private readonly limits: FlowLimits) {}

  /** Bytes that were sent and not acknowledged. */
  get debt(): number {
    return this.sent - this.received;
  }

  /** It is sent nothing, until it can be sent the whole screen. */
  get isLagging(): boolean {
    return this.behind;
  }

  screenSent(bytes: number): void {
    this.sent += bytes;
    this.screenEnd = this.sent;
    this.behind = false;
  }

  outputSent(bytes: number): void {
    this.sent += bytes;
  }

  /** @returns false when it claims bytes that it was not sent */
  acknowledged(total: number): boolean {
    if (total > this.sent) return false;
    this.received = Math.max(this.received, total);
    return true;
  }

  /** It is so far behind, while others are not, that it is left behind. */
  shouldLag(): boolean {
    return !this.behind && this.sent - Math.max(this.received, this.screenEnd) > this.limits.lag;
  }

  lag(): void {
    this.behind = true;
  }

  /** It lagged, and has caught up with what it was sent. */
  get isReadyForScreen(): boolean {
    return this.behind && this.debt <= this.limits.resume;
  }
}

/**
 * Whether the program of a terminal must wait: only if the fastest viewer is too far behind. Nobody looking is nobody
 * behind.
 *
 * @param debts unacknowledged bytes of each viewer
 */
export function mustWait(waiting: boolean, debts: readonly number[], { pause, resume }: FlowLimits): boolean {
  if (debts.length === 0) return false;
  return Math.min(...debts) > (waiting ? resume : pause);
}
