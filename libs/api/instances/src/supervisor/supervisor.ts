import { Injectable, Logger } from '@nestjs/common';
import { LogTail } from '@aikore/api/logs';
import { AppConfig, AppError, Mailbox } from '@aikore/api/kernel';
import type { InstanceAction, StatusReason } from '@aikore/contract';
import type { InstanceEntity, RunEntity } from '@aikore/database';
import {
  decide,
  decideRestart,
  type Effect,
  type FailureSeries,
  isActive,
  type LifecycleEvent,
  noFailures,
  type RunEnd,
} from '@aikore/domain';
import type { RunExit, RunHandle, RunRef, Timer } from '@aikore/platform';
import { InstanceStore } from '../instance-store';
import { RunStarter, type StartedRun } from './run-starter';
import { RunWatch } from './run-watch';
import { exitReason, silenceReason, startFailure, survivorsReason } from './status-reasons';
import { SystemTools } from './system-tools';

/** What is in memory of an instance: everything else is in the database. */
interface Live {
  handle: RunHandle | null;
  watch: RunWatch | null;
  retry: Timer | null;
  series: FailureSeries;
  /** What was decided at the last end. */
  next: { retryInMs: number | null; gaveUp: boolean };
}

/** How long a stop may take in all before it gives up on what is left (SECURITY: P9). */
const stopDeadlineMs = 15_000;

/**
 * The only place that changes an instance's status. One mailbox per instance: no two events of one instance are handled
 * at the same time. The lifecycle table decides, effects are carried out here, reports come back as events.
 */
@Injectable()
export class Supervisor {
  private readonly logger = new Logger(Supervisor.name);
  private readonly mailbox = new Mailbox<number>();
  private readonly live = new Map<number, Live>();
  private closed = false;

  constructor(
    private readonly config: AppConfig,
    private readonly store: InstanceStore,
    private readonly starter: RunStarter,
    private readonly tools: SystemTools,
    private readonly logs: LogTail,
  ) {}

  /**
   * Ask for an action.
   *
   * @returns the row once the first step is taken: a process spawned, a stop begun
   * @throws AppError `wrong_state` when it makes no sense now; then nothing has changed
   */
  ask(id: number, action: InstanceAction): Promise<InstanceEntity> {
    return this.mailbox.post(id, async () => {
      const row = await this.store.row(id);
      if (row.pending_delete) throw new AppError('wrong_state', `"${row.name}" is being deleted.`);
      // A person's request begins a new series of failures.
      if (action !== 'stop') this.of(id).series = noFailures;
      const next = await this.apply(row, { type: action });
      if (!next) throw new AppError('wrong_state', `"${row.name}" is ${row.status}: it cannot be asked to ${action}.`);
      return next;
    });
  }

  /** Run something on an instance between two events: an edit, a delete. */
  exclusively<T>(id: number, task: (row: InstanceEntity) => Promise<T>): Promise<T> {
    return this.mailbox.post(id, async () => task(await this.store.row(id)));
  }

  /** Forget an instance that was deleted. */
  forget(id: number): void {
    this.live.get(id)?.retry?.cancel();
    this.live.delete(id);
  }

  /** Take over a run that outlived the last server: alive, or ended meanwhile with its true exit. */
  async adopt(row: InstanceEntity, run: RunEntity): Promise<void> {
    const found = await this.tools.launcher.adopt(this.refOf(row, run));
    await this.exclusively(row.id, async (current) => {
      if ('ended' in found) return this.adoptEnded(current, found.ended);
      const { identity } = found;
      await this.store.patchRun(run.id, {
        boot_id: identity.bootId,
        pid: identity.pid,
        pid_start_time: String(identity.startTime),
      });
      await this.follow(current, { run, handle: found, watched: await this.starter.watchedAgain(current, run) });
      if (current.status === 'stopping') this.terminate(current);
      return undefined;
    });
  }

  /** Go on waiting for a restart that the last server had planned. */
  resumeRetry(id: number): void {
    this.scheduleRetry(id, 1000);
  }

  /** Stop watching. Instances go on running. */
  async close(): Promise<void> {
    this.closed = true;
    for (const live of this.live.values()) {
      live.watch?.stop();
      live.retry?.cancel();
    }
    this.tools.launcher.close();
    await this.mailbox.idle();
  }

  private async adoptEnded(row: InstanceEntity, end: RunExit): Promise<void> {
    if (row.status === 'stopping') {
      await this.sweep(row);
      await this.apply(row, { type: 'tree-stopped', survivors: [], end });
    } else if (isActive(row.status)) {
      await this.apply(row, this.exitEvent(row, await this.store.currentRun(row), end));
    } else {
      await this.finishRun(row, end, 'exited');
    }
  }

  private report(id: number, event: LifecycleEvent): void {
    if (this.closed) return;
    void this.mailbox
      .post(id, async () => this.apply(await this.store.row(id), event))
      .catch((error: unknown) => this.logger.error(`Instance ${id}, ${event.type}: ${String(error)}`));
  }

  /** One event: decide, write down, then act. Null: the event means nothing now. */
  private async apply(row: InstanceEntity, event: LifecycleEvent): Promise<InstanceEntity | null> {
    const next = decide({ status: row.status, desired: row.desired_state }, event);
    if (!next) return null;
    // Before the status: whoever is told that it ended can read how.
    if (next.effects.includes('finish-run')) await this.noteEnd(row, event);
    let current = await this.store.patch(row.id, {
      status: next.status,
      desired_state: next.desired,
      status_reason: await this.reasonFor(row, event),
      progress: event.type === 'progressed' ? event.progress : isComingUp(next.status) ? row.progress : null,
      ...(event.type === 'start' || event.type === 'restart' ? { restarts: 0 } : {}),
    });
    this.of(row.id).watch?.statusIs(next.status);
    for (const effect of next.effects) current = await this.carryOut(effect, current, event);
    return current;
  }

  private async carryOut(effect: Effect, row: InstanceEntity, event: LifecycleEvent): Promise<InstanceEntity> {
    switch (effect) {
      case 'launch':
        return this.launch(row);
      case 'terminate':
        this.terminate(row);
        return row;
      case 'finish-run':
        await this.finishRun(
          row,
          endOf(event),
          row.status === 'stopping' || event.type === 'tree-stopped' ? 'stopped' : 'exited',
        );
        return this.store.row(row.id);
      case 'schedule-retry':
        return this.planRetry(row);
      case 'cancel-retry':
        this.of(row.id).retry?.cancel();
        return row;
    }
  }

  private async launch(row: InstanceEntity): Promise<InstanceEntity> {
    try {
      const started = await this.starter.start(row);
      const current = await this.store.patch(row.id, { needs_restart: false, progress: null });
      await this.follow(current, started);
      this.store.announceRun('run.started', current, started.run);
      return current;
    } catch (error) {
      const failure = startFailure(error);
      this.logger.warn(`"${row.name}" could not start: ${failure.message}`);
      const failed = await this.apply(row, { type: 'launch-failed' });
      return this.store.patch((failed ?? row).id, { status_reason: failure });
    }
  }

  /** Watch a live run: its exit always, and its coming up while it is not up. */
  private async follow(row: InstanceEntity, { handle, watched, run }: StartedRun): Promise<void> {
    const live = this.of(row.id);
    live.handle = handle;
    live.watch?.stop();
    live.watch = isComingUp(row.status)
      ? new RunWatch(watched, row.status, (event) => this.report(row.id, event), this.tools)
      : null;
    void handle.exited
      .then(async (exit) => {
        if (this.closed) return;
        await this.mailbox.post(row.id, async () => {
          const current = await this.store.row(row.id);
          if (current.current_run_id === run.id) await this.apply(current, this.exitEvent(current, run, exit));
        });
      })
      .catch((error: unknown) => this.logger.error(`The end of run ${run.id}: ${String(error)}`));
  }

  private exitEvent(row: InstanceEntity, run: RunEntity | null, exit: RunExit): LifecycleEvent {
    const lasted = run ? exit.endedAt.getTime() - Date.parse(run.started_at) : 0;
    const live = this.of(row.id);
    const decision = decideRestart(row.restart_policy, exit, lasted, live.series);
    live.series = decision.series;
    live.next = decision.retry
      ? { retryInMs: decision.delayMs, gaveUp: false }
      : { retryInMs: null, gaveUp: decision.gaveUp };
    return { type: 'exited', end: exit, retry: decision.retry };
  }

  /** Stop the tree beside the mailbox: events of this instance go on being handled meanwhile. */
  private terminate(row: InstanceEntity): void {
    this.of(row.id).watch?.stop();
    void this.sweep(row)
      .then(({ survivors, end }) => this.report(row.id, { type: 'tree-stopped', survivors, end }))
      .catch((error: unknown) =>
        this.report(row.id, { type: 'tree-stopped', survivors: [`unknown: ${String(error)}`], end: null }),
      );
  }

  /** Remove every process of the current run, and see whether its port is free again. */
  private async sweep(row: InstanceEntity): Promise<{ survivors: string[]; end: RunEnd | null }> {
    const run = await this.store.currentRun(row);
    if (!run) return { survivors: [], end: null };
    const report = await this.tools.launcher.stop(this.refOf(row, run), {
      graceMs: this.config.stopGraceMs,
      deadlineMs: Math.max(stopDeadlineMs, this.config.stopGraceMs + 5000),
    });
    const survivors = report.survivors.map(({ pid, command }) => `${command} (pid ${pid})`);
    if (run.app_port !== null && !(await this.tools.freePorts.canListen('127.0.0.1', run.app_port))) {
      const { text } = await this.tools.portHolder.describe(run.app_port);
      if (text) survivors.push(`${text}, which holds port ${run.app_port}`);
    }
    return { survivors, end: report.exit };
  }

  /**
   * Write how the run ended. What takes time is left for later: until `ended_at` is written, a server that is cut off
   * here looks for leftovers at its next boot.
   */
  private async noteEnd(row: InstanceEntity, event: LifecycleEvent): Promise<void> {
    const end = endOf(event);
    if (row.status === 'stopping') return this.finishRun(row, end, 'stopped');
    const run = await this.store.currentRun(row);
    if (!run || run.ended_at !== null) return undefined;
    await this.store.patchRun(run.id, {
      exit_code: end?.code ?? null,
      signal: end?.signal ?? null,
      reason: end?.lost ? 'lost' : 'exited',
    });
    return undefined;
  }

  /** Write how the run ended, and sweep what it left behind. Does nothing the second time. */
  private async finishRun(row: InstanceEntity, end: RunEnd | null, reason: 'exited' | 'stopped'): Promise<void> {
    const live = this.of(row.id);
    live.watch?.stop();
    live.watch = null;
    live.handle = null;
    const run = await this.store.currentRun(row);
    if (!run || run.ended_at !== null) return;
    if (reason === 'exited') await this.sweep(row);
    const ended = await this.store.patchRun(run.id, {
      ended_at: this.tools.clock.now().toISOString(),
      exit_code: end?.code ?? null,
      signal: end?.signal ?? null,
      reason: end?.lost ? 'lost' : reason,
    });
    await this.tools.launcher.forget(this.refOf(row, run));
    this.store.announceRun('run.ended', row, ended);
    await this.store.patch(row.id, {});
  }

  private async planRetry(row: InstanceEntity): Promise<InstanceEntity> {
    this.scheduleRetry(row.id, this.of(row.id).next.retryInMs ?? 0);
    return this.store.patch(row.id, { restarts: row.restarts + 1 });
  }

  private scheduleRetry(id: number, delayMs: number): void {
    const live = this.of(id);
    live.retry?.cancel();
    live.retry = this.tools.clock.setTimeout(() => this.report(id, { type: 'retry' }), delayMs);
  }

  private async reasonFor(row: InstanceEntity, event: LifecycleEvent): Promise<StatusReason | null> {
    switch (event.type) {
      case 'exited':
        return row.status === 'stopping' ? row.status_reason : this.whyEnded(row, event.end);
      case 'fell-silent':
        return silenceReason;
      case 'tree-stopped':
        return event.survivors.length === 0 ? null : survivorsReason(event.survivors);
      default:
        return null;
    }
  }

  private async whyEnded(row: InstanceEntity, end: RunEnd): Promise<StatusReason> {
    const file = row.current_run_id && this.tools.layout.logFile(row.directory, row.current_run_id);
    const lines = file && end.code !== 0 ? await this.logs.lastLines(file, 12) : [];
    return exitReason(end, this.of(row.id).next, lines);
  }

  private refOf(row: InstanceEntity, run: RunEntity): RunRef {
    const { boot_id: bootId, pid, pid_start_time: startTime } = run;
    const identity =
      bootId !== null && pid !== null && startTime !== null
        ? { runId: run.id, bootId, pid, startTime: Number(startTime) }
        : null;
    return { runId: run.id, runDir: this.tools.layout.runs(row.directory), identity };
  }

  private of(id: number): Live {
    let live = this.live.get(id);
    if (!live) {
      live = { handle: null, watch: null, retry: null, series: noFailures, next: { retryInMs: null, gaveUp: false } };
      this.live.set(id, live);
    }
    return live;
  }
}

const isComingUp = (status: InstanceEntity['status']): boolean =>
  status === 'installing' || status === 'starting' || status === 'stalled';

const endOf = (event: LifecycleEvent): RunEnd | null =>
  event.type === 'exited' || event.type === 'tree-stopped' ? event.end : null;
