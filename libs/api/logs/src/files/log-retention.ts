import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AppConfig, DomainEvents, Mailbox } from '@aikore/api/kernel';
import type { Run } from '@aikore/contract';
import { planLogCap } from '@aikore/domain';
import { HolePuncher, listFolder, LogFile, measureFile, removeTree } from '@aikore/platform';
import { LogStarts } from './log-starts';
import { RunLogs } from './run-logs';

/** How often the logs of running runs are measured, in milliseconds. */
const checkEvery = 1000;
/** For how many checks a run's cap is left alone after the file system refused to free a part: 10 minutes. */
export const checksSkipped = 600;
/** The id of a run is a UUID; other files in the folder are somebody else's. */
const logName = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.log$/;

interface Watched {
  readonly instanceId: number;
  readonly runId: string;
  readonly path: string;
}

/**
 * Keeps logs bounded (SECURITY.md P15): the oldest part of a running run's log is freed when it nears the cap, and only
 * the newest runs of an instance keep their files. Nothing is ever wiped at boot.
 */
@Injectable()
export class LogRetention implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Logs');
  private readonly running = new Map<string, Watched>();
  private readonly tasks = new Mailbox<number>();
  private readonly stopListening: (() => void)[];
  private timer: NodeJS.Timeout | null = null;
  /** Run → how many checks it is before freeing a part of its log is tried again. */
  private readonly refused = new Map<string, number>();

  constructor(
    private readonly config: AppConfig,
    events: DomainEvents,
    private readonly logs: RunLogs,
    private readonly starts: LogStarts,
    private readonly puncher: HolePuncher,
  ) {
    this.stopListening = [
      events.on('run.started', ({ directory, run }) => this.began(directory, run)),
      events.on('run.ended', ({ directory, run }) => this.finished(directory, run)),
      events.on('instance.removed', ({ id }) => this.forget(id)),
    ];
  }

  /** Takes up the runs that outlived the last server. */
  async onApplicationBootstrap(): Promise<void> {
    for (const { run, path } of await this.logs.running()) {
      this.watch({ ...run, log_start: await firstKept(run, path) }, path);
    }
    // Those that were found ended meanwhile were announced before they were watched.
    const running = new Set((await this.logs.running()).map(({ run }) => run.id));
    for (const runId of this.running.keys()) if (!running.has(runId)) this.running.delete(runId);
    this.schedule();
  }

  async onModuleDestroy(): Promise<void> {
    for (const stop of this.stopListening) stop();
    this.running.clear();
    this.schedule();
    await this.idle();
  }

  /** Resolves when nothing is being measured, dropped or removed. */
  idle(): Promise<void> {
    return this.tasks.idle();
  }

  /** Measure every running run now. */
  check(): void {
    for (const log of this.running.values()) this.post(log.instanceId, () => this.cap(log).then(() => undefined));
  }

  private began(directory: string, run: Run): void {
    this.watch(run, this.logs.path(directory, run.id));
    this.post(run.instance_id, () => this.removeExpired(run.instance_id, directory));
  }

  private finished(directory: string, run: Run): void {
    const log = { instanceId: run.instance_id, runId: run.id, path: this.logs.path(directory, run.id) };
    this.running.delete(run.id);
    // It may have ended while no server ran, and not be known here.
    this.starts.set(run.id, run.log_start);
    this.schedule();
    this.post(run.instance_id, async () => {
      const size = await this.cap(log);
      const log_start = this.starts.of(run.id);
      await this.logs.store(run.id, { log_start, log_size: Math.max(0, size - log_start) });
      this.forgetRun(run.id);
    });
  }

  private forget(instanceId: number): void {
    for (const log of [...this.running.values()].filter((one) => one.instanceId === instanceId)) {
      this.running.delete(log.runId);
      this.forgetRun(log.runId);
    }
    this.schedule();
  }

  private forgetRun(runId: string): void {
    this.starts.forget(runId);
    this.refused.delete(runId);
  }

  private watch(run: Run, path: string): void {
    this.running.set(run.id, { instanceId: run.instance_id, runId: run.id, path });
    this.starts.set(run.id, run.log_start);
    this.schedule();
  }

  /** The timer runs only while something does: an idle server measures nothing. */
  private schedule(): void {
    if (this.running.size > 0) this.timer ??= setInterval(() => this.check(), checkEvery).unref();
    else if (this.timer) {
      clearInterval(this.timer);
      this.timer = null;
    }
  }

  private post(instanceId: number, task: () => Promise<void>): void {
    void this.tasks.post(instanceId, task).catch((error: unknown) => {
      const text = error instanceof Error ? error.stack : String(error);
      this.logger.error(`Bounding the logs of instance ${instanceId} failed`, text);
    });
  }

  /** @returns the size of the log, in bytes */
  private async cap({ runId, path }: Watched): Promise<number> {
    const file = await measureFile(path);
    if (!file) return 0;
    const logStart = this.starts.of(runId);
    const keepFrom = planLogCap({ size: file.size, logStart }, this.config.logRunMaxBytes, file.blockSize);
    const skips = this.refused.get(runId) ?? 0;
    if (skips > 0) this.refused.set(runId, skips - 1);
    else if (keepFrom !== null) await this.drop(runId, path, logStart, keepFrom);
    return file.size;
  }

  /**
   * Store, drop, then announce. A kill in between leaves bytes on disk that count as dropped, never the reverse; and
   * viewers, who cannot be called back, are told of nothing that did not happen.
   */
  private async drop(runId: string, path: string, from: number, to: number): Promise<void> {
    await this.logs.store(runId, { log_start: to });
    try {
      await this.starts.raise(runId, to, () => this.puncher.punch(path, to));
      this.refused.delete(runId);
    } catch (error) {
      await this.logs.store(runId, { log_start: from });
      // Removed meanwhile, with its instance: that says nothing about the file system.
      if (!(await measureFile(path))) return;
      if (!this.refused.has(runId)) this.logger.warn(cannotPunch(path, error));
      this.refused.set(runId, checksSkipped);
    }
  }

  /** Goes by the files: of old runs the database may have forgotten the row. */
  private async removeExpired(instanceId: number, directory: string): Promise<void> {
    // The names come first: a run that begins meanwhile has its row before its file.
    const names = await listFolder(this.logs.folder(directory));
    const kept = await this.logs.idsKept(instanceId);
    for (const name of names) {
      const runId = logName.exec(name)?.[1];
      if (!runId || kept.has(runId)) continue;
      const path = this.logs.path(directory, runId);
      const file = await measureFile(path);
      // The end stays where it was: a reader is told that everything before it is gone.
      if (file) await this.logs.store(runId, { log_start: file.size, log_size: 0 });
      await removeTree(path);
    }
  }
}

/** A log that cannot be read must not keep the server from starting. */
const firstKept = (run: Run, path: string): Promise<number> =>
  LogFile.using(path, async (file) => file?.skipHole(run.log_start) ?? run.log_start).catch(() => run.log_start);

const cannotPunch = (path: string, error: unknown): string =>
  `The size cap of logs does not work here: freeing the oldest part of ${path} failed ` +
  `(${error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error)}). Nothing is dropped; ` +
  'put the data folder on ext4, xfs or btrfs and see that util-linux (fallocate) is installed, or watch the disk.';
