import { Injectable } from '@nestjs/common';
import type { InstanceEntity, RunEntity } from '@aikore/database';
import { decide, type Effect, isActive, type LifecycleEvent, type RunEnd, type Transition } from '@aikore/domain';
import { type InstancePatch, InstanceStore } from '../instance-store';
import { Retries } from './retries';
import { isComingUp } from './run-follower';
import { StatusReasons } from './status-reasons';

/** What came of an event. */
export interface Step {
  readonly row: InstanceEntity;
  /** The run that was current when the event came, as it was before. */
  readonly run: RunEntity | null;
  /** To be carried out in this order; null: the event means nothing now, and nothing was written. */
  readonly effects: readonly Effect[] | null;
}

/**
 * Where instances stand. The lifecycle table decides what an event makes of one; the new state, its reason and how its
 * run ended are written in one transaction. Only the supervisor sends events here, from the instance's mailbox.
 */
@Injectable()
export class InstanceLifecycle {
  constructor(
    private readonly store: InstanceStore,
    private readonly retries: Retries,
    private readonly reasons: StatusReasons,
  ) {}

  /** An instance as it is now. @throws AppError `not_found` */
  row(id: number): Promise<InstanceEntity> {
    return this.store.row(id);
  }

  runOf(row: InstanceEntity): Promise<RunEntity | null> {
    return this.store.currentRun(row);
  }

  /** One event: decide, and write down. */
  async take(row: InstanceEntity, event: LifecycleEvent): Promise<Step> {
    const run = await this.store.currentRun(row);
    const next = decide({ status: row.status, desired: row.desired_state }, event);
    if (!next) return { row, run, effects: null };
    const current = await this.store.transition(row, await this.patchFor(row, event, next), endFor(row, run, event));
    if (event.type === 'start' || event.type === 'restart') this.retries.begin(row.id);
    if ('decision' in event && row.status !== 'stopping') this.retries.accept(row.id, event.decision);
    return { row: current, run, effects: next.effects };
  }

  /** How a run ended on which no status depends: its instance does not run, or its tree is being stopped anyway. */
  async noteEnd(row: InstanceEntity, run: RunEntity, { code, signal }: RunEnd): Promise<void> {
    const end = { exit_code: code, signal };
    if (row.status === 'stopping') await this.store.patchRun(run.id, end);
    else await this.store.endRun(row, run.id, { ...end, reason: 'exited' });
  }

  /** A run that was written down, and then never seen. */
  async noteStillborn(row: InstanceEntity, run: RunEntity): Promise<void> {
    await this.store.endRun(row, run.id, { reason: 'spawn_failed' });
  }

  private async patchFor(row: InstanceEntity, event: LifecycleEvent, next: Transition): Promise<InstancePatch> {
    const byPerson = event.type === 'start' || event.type === 'restart';
    const retried = next.effects.includes('schedule-retry');
    return {
      status: next.status,
      desired_state: next.desired,
      status_reason: await this.reasons.of(row, event),
      progress: event.type === 'progressed' ? event.progress : isComingUp(next.status) ? row.progress : null,
      restarts: byPerson ? 0 : retried ? row.restarts + 1 : row.restarts,
      // What does not run has nothing to take over.
      needs_restart: isActive(next.status) && row.needs_restart,
    };
  }
}

/** What an event tells of the current run's end; null: nothing new. While its tree is being stopped a run is not over. */
function endFor(
  row: InstanceEntity,
  run: RunEntity | null,
  event: LifecycleEvent,
): { run: RunEntity; end: Partial<RunEntity>; over: boolean } | null {
  if (!run || run.ended_at !== null) return null;
  if (event.type === 'exited') {
    const reason = event.end.lost === 'reboot' ? 'lost' : 'exited';
    const over = row.status !== 'stopping';
    return { run, end: { exit_code: event.end.code, signal: event.end.signal, ...(over ? { reason } : {}) }, over };
  }
  if (event.type === 'tree-stopped') {
    const end = run.exit_code === null && run.signal === null ? event.end : null;
    return { run, end: { ...(end && { exit_code: end.code, signal: end.signal }), reason: 'stopped' }, over: true };
  }
  return null;
}
