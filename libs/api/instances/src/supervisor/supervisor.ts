import { Injectable, Logger } from '@nestjs/common';
import { AppError } from '@aikore/api/kernel';
import type { InstanceAction } from '@aikore/contract';
import type { InstanceEntity, RunEntity } from '@aikore/database';
import { type Effect, isActive, type LifecycleEvent, noRestart, type RunEnd } from '@aikore/domain';
import type { RunExit } from '@aikore/platform';
import { Deliveries } from './deliveries';
import { InstanceLifecycle } from './instance-lifecycle';
import { Retries } from './retries';
import type { Findings } from './run-follower';
import { RunStarter } from './run-starter';
import { startError, startFailure } from './status-reasons';
import { TreeSweeper } from './tree-sweeper';

/** An event may depend on the row and its current run as they are when its turn comes. */
type EventFor = (row: InstanceEntity, run: RunEntity | null) => LifecycleEvent;

/**
 * The only place that changes an instance's status. One mailbox per instance: no two events of one instance are handled
 * at the same time. The lifecycle decides and writes down; then the effects are carried out here, and what comes of them
 * is reported as events again.
 */
@Injectable()
export class Supervisor {
  private readonly logger = new Logger(Supervisor.name);
  private closed = false;

  constructor(
    private readonly deliveries: Deliveries,
    private readonly lifecycle: InstanceLifecycle,
    private readonly starter: RunStarter,
    private readonly sweeper: TreeSweeper,
    private readonly retries: Retries,
  ) {}

  /**
   * Ask for an action.
   *
   * @returns the row once the first step is taken: a process spawned, a stop begun
   * @throws AppError `wrong_state` when it makes no sense now (then nothing has changed), and for a start that failed
   *   the reason that the status shows too
   */
  ask(id: number, action: InstanceAction): Promise<InstanceEntity> {
    return this.exclusively(id, async (row) => {
      if (row.pending_delete) throw new AppError('wrong_state', `"${row.name}" is being deleted.`);
      const next = await this.apply(row, { type: action });
      if (!next) throw new AppError('wrong_state', `"${row.name}" is ${row.status}: it cannot be asked to ${action}.`);
      if (action === 'start' && next.status === 'error') throw startError(next.status_reason);
      return next;
    });
  }

  /** Run something on an instance between two events: an edit. */
  exclusively<T>(id: number, task: (row: InstanceEntity) => Promise<T>): Promise<T> {
    return this.deliveries.request(id, async () => task(await this.lifecycle.row(id)));
  }

  /** Run something on an instance between two events, and while nothing of it is being removed: a delete. */
  async atRest<T>(id: number, task: (row: InstanceEntity) => Promise<T>): Promise<T> {
    for (;;) {
      await this.sweeper.settled(id);
      const done = await this.exclusively(id, async (row) =>
        this.sweeper.isSettled(id) ? { result: await task(row) } : null,
      );
      if (done) return done.result;
    }
  }

  /** Forget an instance that was deleted. */
  forget(id: number): void {
    this.retries.forget(id);
  }

  /**
   * Take stock of an instance when the server starts. A run that outlived the last server is followed again, or has
   * ended meanwhile with its true exit; a stop goes on. What was cut off before anything was spawned is to be begun anew.
   */
  takeStock(id: number): Promise<InstanceEntity> {
    return this.exclusively(id, async (row) => {
      const run = await this.lifecycle.runOf(row);
      return run?.ended_at === null ? this.adopt(row, run) : this.cutOff(row);
    });
  }

  /** Go on with what is wanted of an instance that does not run: a planned restart, or a start. */
  wake(id: number): Promise<void> {
    return this.exclusively(id, async (row) => {
      if (this.closed || isActive(row.status) || row.pending_delete) return;
      if (row.current_run_id) this.sweep(row);
      const isWanted = row.desired_state === 'started';
      if (row.status === 'error' && isWanted) this.planRetry(id, 1000);
      else if (row.autostart || isWanted) await this.apply(row, { type: 'start' });
    });
  }

  /** Look whether the last run of an instance that does not run left anything behind. Resolves when it is removed. */
  async sweepAgain(id: number): Promise<void> {
    await this.exclusively(id, async (row) => {
      if (!this.closed && !isActive(row.status)) this.sweep(row);
    });
    await this.sweeper.settled(id);
  }

  /** Stop watching. Instances, and sweeps under way, go on by themselves. */
  async close(): Promise<void> {
    this.closed = true;
    this.starter.close();
    this.retries.close();
    await this.deliveries.close();
  }

  private async adopt(row: InstanceEntity, run: RunEntity): Promise<InstanceEntity> {
    const found = await this.starter.find(row, run, this.findings(row.id, run.id));
    if ('ended' in found) {
      if (run.pid === null && found.ended.lost) {
        await this.lifecycle.noteStillborn(row, run);
        return this.cutOff(row);
      }
      this.logger.log(`"${row.name}" ended meanwhile`);
      return this.adoptEnded(row, run, found.ended);
    }
    this.logger.log(`Adopted "${row.name}" (pid ${found.run.pid})`);
    if (row.status === 'stopping') this.terminate(row);
    return (await this.apply(found.row, { type: 'found-running' })) ?? found.row;
  }

  private async cutOff(row: InstanceEntity): Promise<InstanceEntity> {
    if (row.status === 'stopping') this.terminate(row);
    return (await this.apply(row, { type: 'cut-off' })) ?? row;
  }

  private async adoptEnded(row: InstanceEntity, run: RunEntity, end: RunEnd): Promise<InstanceEntity> {
    if (row.status === 'stopping') {
      await this.lifecycle.noteEnd(row, run, end);
      this.terminate(row);
      return row;
    }
    if (isActive(row.status)) return (await this.apply(row, this.exitOf(row, run, end))) ?? row;
    await this.lifecycle.noteEnd(row, run, end);
    return row;
  }

  /** Post what a run reports. Reports of an older run than the current one are dropped. */
  private report(id: number, runId: string | null, what: string, eventFor: EventFor): Promise<void> {
    return this.deliveries.report(id, what, async () => {
      const row = await this.lifecycle.row(id);
      if (row.current_run_id !== runId) return;
      await this.apply(row, eventFor(row, await this.lifecycle.runOf(row)));
    });
  }

  /** One event: decide and write down, then act. Null: the event means nothing now. */
  private async apply(row: InstanceEntity, event: LifecycleEvent): Promise<InstanceEntity | null> {
    const { effects, run, row: next } = await this.lifecycle.take(row, event);
    const isOver = event.type === 'swept' ? run?.ended_at != null : event.type === 'tree-stopped' && effects !== null;
    if (run && isOver) await this.tidy(next, run);
    if (!effects) return null;
    let current = next;
    for (const effect of effects) current = await this.carryOut(effect, current, event);
    return current;
  }

  private async carryOut(effect: Effect, row: InstanceEntity, event: LifecycleEvent): Promise<InstanceEntity> {
    switch (effect) {
      case 'launch':
        return this.mustWait(row, event) ? row : this.launch(row);
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

  /** What an earlier run left behind goes first; the end of its sweep launches. */
  private mustWait(row: InstanceEntity, event: LifecycleEvent): boolean {
    return (event.type === 'start' || event.type === 'retry') && !this.sweeper.isSettled(row.id);
  }

  private async launch(row: InstanceEntity): Promise<InstanceEntity> {
    try {
      return await this.starter.start(row, (run) => this.findings(row.id, run.id));
    } catch (error) {
      const reason = startFailure(error);
      this.logger.warn(`"${row.name}" could not start: ${reason.message}`);
      const failed: RunEnd = { code: null, signal: null, lost: null };
      // A start that a person asked for is not tried again.
      const decision = row.restarts > 0 ? this.retries.judge(row, failed, 0) : noRestart;
      const current = await this.lifecycle.row(row.id);
      return (await this.apply(current, { type: 'launch-failed', reason, decision })) ?? current;
    }
  }

  /** What a run that is followed tells about itself. */
  private findings(id: number, runId: string): Findings {
    return {
      event: (event) => void this.report(id, runId, event.type, () => event),
      exit: (exit) => void this.report(id, runId, 'exited', (row, run) => this.exitOf(row, run, exit, exit)),
    };
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
    const readRun = (): Promise<RunEntity | null> => this.lifecycle.runOf(row);
    this.sweeper.sweep(row, readRun, ({ survivors, exit }) => {
      const event = eventOf(survivors, exit);
      return this.report(row.id, row.current_run_id, event.type, () => event);
    });
  }

  private planRetry(id: number, delayMs: number): void {
    this.retries.schedule(id, delayMs, () => {
      void this.deliveries.report(id, 'retry', async () => this.apply(await this.lifecycle.row(id), { type: 'retry' }));
    });
  }

  private async tidy(row: InstanceEntity, run: RunEntity): Promise<void> {
    await this.starter.tidy(row, run).catch((error: unknown) => {
      this.logger.warn(`Files of a run of "${row.name}" were left: ${String(error)}`);
    });
  }
}
