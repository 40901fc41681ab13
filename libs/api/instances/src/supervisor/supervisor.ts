import { Injectable, Logger } from '@nestjs/common';
import { AppError } from '@aikore/api/kernel';
import type { InstanceAction } from '@aikore/contract';
import type { InstanceEntity, RunEntity } from '@aikore/database';
import {
  decide,
  type Effect,
  isActive,
  type LifecycleEvent,
  noRestart,
  type RunEnd,
  type Transition,
} from '@aikore/domain';
import type { RunExit } from '@aikore/platform';
import { type InstancePatch, InstanceStore } from '../instance-store';
import { Deliveries } from './deliveries';
import { Retries } from './retries';
import { isComingUp, RunFollower } from './run-follower';
import { type StartedRun, RunStarter } from './run-starter';
import { startError, startFailure, StatusReasons } from './status-reasons';
import { TreeSweeper } from './tree-sweeper';

/** An event may depend on the row and its current run as they are when its turn comes. */
type EventFor = (row: InstanceEntity, run: RunEntity | null) => LifecycleEvent;

/**
 * The only place that changes an instance's status. One mailbox per instance: no two events of one instance are handled
 * at the same time. The lifecycle table decides; the new state and how a run ended are written in one transaction; then
 * the effects are carried out, and what comes of them is reported as events again.
 */
@Injectable()
export class Supervisor {
  private readonly logger = new Logger(Supervisor.name);
  private closed = false;

  constructor(
    private readonly store: InstanceStore,
    private readonly deliveries: Deliveries,
    private readonly starter: RunStarter,
    private readonly sweeper: TreeSweeper,
    private readonly retries: Retries,
    private readonly follower: RunFollower,
    private readonly reasons: StatusReasons,
  ) {}

  /**
   * Ask for an action.
   *
   * @returns the row once the first step is taken: a process spawned, a stop begun
   * @throws AppError `wrong_state` when it makes no sense now (then nothing has changed), and for a start that failed
   *   the reason that the status shows too
   */
  ask(id: number, action: InstanceAction): Promise<InstanceEntity> {
    return this.deliveries.request(id, async () => {
      const row = await this.store.row(id);
      if (row.pending_delete) throw new AppError('wrong_state', `"${row.name}" is being deleted.`);
      const next = await this.apply(row, { type: action });
      if (!next) throw new AppError('wrong_state', `"${row.name}" is ${row.status}: it cannot be asked to ${action}.`);
      if (action === 'start' && next.status === 'error') throw startError(next.status_reason);
      return next;
    });
  }

  /** Run something on an instance between two events, and while nothing of it is being swept: an edit, a delete. */
  exclusively<T>(id: number, task: (row: InstanceEntity) => Promise<T>): Promise<T> {
    return this.deliveries.request(id, async () => task(await this.store.row(id)));
  }

  /** Resolves when nothing of the instance is being swept. */
  settled(id: number): Promise<void> {
    return this.sweeper.settled(id);
  }

  /** Forget an instance that was deleted. */
  forget(id: number): void {
    this.retries.forget(id);
    this.follower.leave(id);
  }

  /** Take over a run that outlived the last server: alive, or ended meanwhile with its true exit. */
  adopt(id: number): Promise<InstanceEntity> {
    return this.exclusively(id, async (row) => {
      const run = await this.store.currentRun(row);
      if (!run) return row;
      const found = await this.starter.find(row, run);
      if (!('ended' in found)) return this.adoptAlive(row, found);
      const end: RunEnd = { ...found.ended, lost: found.ended.lost ? 'reboot' : null };
      return this.adoptEnded(row, run, end);
    });
  }

  /** Look whether the last run of an instance that does not run left anything behind. Resolves when it is removed. */
  async sweepAgain(id: number): Promise<void> {
    const row = await this.store.row(id);
    if (isActive(row.status) || this.closed) return;
    this.sweep(row);
    await this.sweeper.settled(id);
  }

  /** Go on waiting for a restart that the last server had planned. */
  resumeRetry(id: number): void {
    this.planRetry(id, 1000);
  }

  /** Stop watching. Instances, and sweeps under way, go on by themselves. */
  async close(): Promise<void> {
    this.closed = true;
    this.follower.close();
    this.retries.close();
    await this.deliveries.close();
  }

  private async adoptAlive(row: InstanceEntity, found: StartedRun): Promise<InstanceEntity> {
    this.follow(found);
    // It should not run: the last server could not write down that it does.
    if (!isActive(row.status)) this.sweep(row);
    if (row.status === 'stopping') this.terminate(row);
    return found.row;
  }

  private async adoptEnded(row: InstanceEntity, run: RunEntity, end: RunEnd): Promise<InstanceEntity> {
    if (row.status === 'stopping') {
      await this.store.patchRun(run.id, { exit_code: end.code, signal: end.signal });
      this.terminate(row);
      return row;
    }
    if (isActive(row.status)) return (await this.apply(row, this.exitOf(row, run, end))) ?? row;
    await this.store.endRun(row, run.id, { exit_code: end.code, signal: end.signal, reason: 'exited' });
    return row;
  }

  /** Post what a run reports. Reports of an older run than the current one are dropped. */
  private report(id: number, runId: string | null, what: string, eventFor: EventFor): void {
    this.deliveries.report(id, what, async () => {
      const row = await this.store.row(id);
      if (row.current_run_id !== runId) return;
      await this.apply(row, eventFor(row, await this.store.currentRun(row)));
    });
  }

  /** One event: decide, write down, then act. Null: the event means nothing now. */
  private async apply(row: InstanceEntity, event: LifecycleEvent): Promise<InstanceEntity | null> {
    const run = await this.store.currentRun(row);
    if (run?.ended_at && event.type === 'swept') await this.tidy(row, run);
    const next = decide({ status: row.status, desired: row.desired_state }, event);
    if (!next) return null;
    let current = await this.store.transition(row, await this.patchFor(row, event, next), endFor(row, run, event));
    if (event.type === 'start' || event.type === 'restart') this.retries.begin(row.id);
    if ('decision' in event && row.status !== 'stopping') this.retries.accept(row.id, event.decision);
    this.follower.statusIs(row.id, current.status);
    if (run && event.type === 'tree-stopped') await this.tidy(current, run);
    for (const effect of next.effects) current = await this.carryOut(effect, current, event);
    return current;
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

  private async carryOut(effect: Effect, row: InstanceEntity, event: LifecycleEvent): Promise<InstanceEntity> {
    switch (effect) {
      case 'launch':
        return this.launch(row, event.type === 'retry');
      case 'terminate':
        this.terminate(row);
        return row;
      case 'sweep':
        this.sweep(row);
        return row;
      case 'schedule-retry':
        if ('decision' in event && event.decision.retry) this.planRetry(row.id, event.decision.delayMs);
        return row;
      case 'cancel-retry':
        this.retries.cancel(row.id);
        return row;
    }
  }

  private async launch(row: InstanceEntity, byPolicy: boolean): Promise<InstanceEntity> {
    try {
      // What an earlier run left behind may hold GPU memory: it goes first.
      await this.sweeper.settled(row.id);
      const started = await this.starter.start(row);
      this.follow(started);
      this.store.announceRun('run.started', started.row, started.run);
      return started.row;
    } catch (error) {
      const reason = startFailure(error);
      this.logger.warn(`"${row.name}" could not start: ${reason.message}`);
      const failed: RunEnd = { code: null, signal: null, lost: null };
      const decision = byPolicy ? this.retries.judge(row, failed, 0) : noRestart;
      const current = await this.store.row(row.id);
      return (await this.apply(current, { type: 'launch-failed', reason, decision })) ?? current;
    }
  }

  private follow({ row, run, handle, header }: StartedRun): void {
    this.follower.follow(row, run, handle, header, {
      event: (event) => this.report(row.id, run.id, event.type, () => event),
      exit: (exit) =>
        this.report(row.id, run.id, 'exited', (now, current) => this.exitOf(now, current, liveEnd(exit), exit)),
    });
  }

  private exitOf(row: InstanceEntity, run: RunEntity | null, end: RunEnd, exit?: RunExit): LifecycleEvent {
    const began = run ? Date.parse(run.started_at) : 0;
    const lastedMs = exit && run ? exit.endedAt.getTime() - began : Number.MAX_SAFE_INTEGER;
    return {
      type: 'exited',
      end,
      decision: row.status === 'stopping' ? noRestart : this.retries.judge(row, end, lastedMs),
    };
  }

  /** Stop the tree beside the mailbox: events of this instance go on being handled meanwhile. */
  private terminate(row: InstanceEntity): void {
    this.sweepAnd(row, (survivors, end) => ({ type: 'tree-stopped', survivors, end }));
  }

  /** Remove what an app that ended by itself left behind. */
  private sweep(row: InstanceEntity): void {
    this.sweepAnd(row, (survivors) => ({ type: 'swept', survivors }));
  }

  private sweepAnd(
    row: InstanceEntity,
    eventOf: (survivors: readonly string[], end: RunEnd | null) => LifecycleEvent,
  ): void {
    void this.sweeper
      .sweep(row, () => this.store.currentRun(row))
      .then(({ survivors, exit }) => eventOf(survivors, exit && liveEnd(exit)))
      .catch((error: unknown) => eventOf([`its processes could not be looked for: ${String(error)}`], null))
      .then((event) => this.report(row.id, row.current_run_id, event.type, () => event));
  }

  private planRetry(id: number, delayMs: number): void {
    this.retries.schedule(id, delayMs, () => {
      this.deliveries.report(id, 'retry', async () => this.apply(await this.store.row(id), { type: 'retry' }));
    });
  }

  private async tidy(row: InstanceEntity, run: RunEntity): Promise<void> {
    await this.starter.tidy(row, run).catch((error: unknown) => {
      this.logger.warn(`Files of a run of "${row.name}" were left: ${String(error)}`);
    });
  }
}

/** Nobody saw how it ended, and the machine still runs: it was killed together with its launcher. */
const liveEnd = ({ code, signal, lost }: RunExit): RunEnd => ({ code, signal, lost: lost ? 'killed' : null });

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
