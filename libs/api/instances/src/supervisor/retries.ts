import { Injectable } from '@nestjs/common';
import type { InstanceEntity } from '@aikore/database';
import { decideRestart, type FailureSeries, noFailures, type RestartDecision, type RunEnd } from '@aikore/domain';
import { Clock, type Timer } from '@aikore/platform';

/** Restarts by policy: the series of failures of each instance, and the timer of a planned restart. */
@Injectable()
export class Retries {
  private readonly series = new Map<number, FailureSeries>();
  private readonly timers = new Map<number, Timer>();

  constructor(private readonly clock: Clock) {}

  /** What the policy makes of an end. Nothing is remembered until `accept`. @param lastedMs how long the run lasted */
  judge(row: InstanceEntity, end: RunEnd, lastedMs: number): RestartDecision {
    return decideRestart(row.restart_policy, end, lastedMs, this.series.get(row.id) ?? noFailures);
  }

  /** The decision was written down. */
  accept(id: number, decision: RestartDecision): void {
    this.series.set(id, decision.series);
  }

  /** A person asked for a start: earlier failures no longer count. */
  begin(id: number): void {
    this.series.delete(id);
  }

  schedule(id: number, delayMs: number, retry: () => void): void {
    this.cancel(id);
    this.timers.set(
      id,
      this.clock.setTimeout(() => {
        this.timers.delete(id);
        retry();
      }, delayMs),
    );
  }

  cancel(id: number): void {
    this.timers.get(id)?.cancel();
    this.timers.delete(id);
  }

  forget(id: number): void {
    this.cancel(id);
    this.series.delete(id);
  }

  close(): void {
    for (const timer of this.timers.values()) timer.cancel();
    this.timers.clear();
  }
}
