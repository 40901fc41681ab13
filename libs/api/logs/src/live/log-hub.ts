import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { AppError, DomainEvents } from '@aikore/api/kernel';
import { logFlow, type Run } from '@aikore/contract';
import { LogFile } from '@aikore/platform';
import { assertFromOrTail } from '../files/from-or-tail';
import { LogStarts } from '../files/log-starts';
import { logEnd, type RunLog, RunLogs } from '../files/run-logs';
import { type LogSource, LogSubscription } from './log-subscription';
import type { LogViewer } from './log-viewer';
import { WatchedLog } from './watched-log';

/** What a viewer asks for. */
export interface LogWish {
  instance_id: number;
  run?: string | undefined;
  from?: number | undefined;
  tail?: number | undefined;
  follow?: boolean | undefined;
}

interface Shared {
  readonly watched: WatchedLog;
  readonly opened: Promise<void>;
  holders: number;
}

/** Brings runs' logs to their viewers, live. A log is open only while somebody watches it. */
@Injectable()
export class LogHub implements OnModuleDestroy, LogSource {
  private readonly logger = new Logger('Logs');
  private readonly shared = new Map<string, Shared>();
  private readonly followers = new Map<number, Set<LogSubscription>>();
  private readonly stopListening: (() => void)[];

  constructor(
    events: DomainEvents,
    private readonly logs: RunLogs,
    private readonly starts: LogStarts,
  ) {
    this.stopListening = [
      events.on('run.started', ({ instanceId, run }) => this.began(instanceId, run)),
      events.on('run.ended', ({ run }) => this.ended(run)),
      events.on('instance.removed', ({ id }) => this.removed(id)),
    ];
  }

  onModuleDestroy(): void {
    for (const stop of this.stopListening) stop();
    for (const subscriptions of [...this.followers.values()]) for (const one of [...subscriptions]) this.leave(one);
    for (const { watched } of this.shared.values()) void watched.close();
    this.shared.clear();
  }

  /** How many logs are open, and for how many subscriptions. */
  get load(): { logs: number; viewers: number } {
    const viewers = [...this.shared.values()].reduce((sum, { watched }) => sum + watched.viewers, 0);
    return { logs: this.shared.size, viewers };
  }

  /** A subscription that does nothing yet: `join` looks up what it is to watch. */
  subscribe(viewer: LogViewer, wish: LogWish): LogSubscription {
    const follows = wish.run === undefined || wish.follow === true;
    const subscription = new LogSubscription(this, viewer, wish.instance_id, follows);
    // Before the lookup, so that no run can begin unnoticed between the two.
    if (follows) this.followersOf(wish.instance_id).add(subscription);
    return subscription;
  }

  /**
   * Begin to watch. The first message follows after `subscription.begin()`.
   *
   * @returns the run (null: none yet) and the offset of the first byte that will be sent, or named in a gap
   * @throws AppError `not_found`, `validation_failed`; the subscription is left then
   */
  async join(subscription: LogSubscription, wish: LogWish): Promise<{ run: Run | null; offset: number }> {
    try {
      assertFromOrTail(wish, 'tail');
      const log = await this.logs.find(wish.instance_id, wish.run ?? null);
      if (!log) return { run: null, offset: 0 };
      if (wish.run !== undefined && wish.follow) subscription.enqueue(await this.logs.idsAfter(log.run), 'front');
      const offset = await startOffset(log, wish);
      await subscription.watch(log, offset);
      return { run: log.run, offset };
    } catch (error) {
      this.leave(subscription);
      throw error;
    }
  }

  /** End a subscription; harmless when repeated. */
  leave(subscription: LogSubscription): void {
    subscription.close();
    const followers = this.followers.get(subscription.instanceId);
    followers?.delete(subscription);
    if (followers?.size === 0) this.followers.delete(subscription.instanceId);
  }

  async acquire(log: RunLog): Promise<WatchedLog> {
    const shared = this.shared.get(log.run.id) ?? this.open(log);
    shared.holders += 1;
    try {
      await shared.opened;
    } catch (error) {
      this.release(shared.watched);
      throw error;
    }
    return shared.watched;
  }

  release(watched: WatchedLog, listener?: () => void): void {
    if (listener) watched.leave(listener);
    const shared = this.shared.get(watched.runId);
    if (shared?.watched !== watched) return;
    shared.holders -= 1;
    if (shared.holders > 0) return;
    this.shared.delete(watched.runId);
    watched.close().catch((error: unknown) => this.failed(error));
  }

  find(instanceId: number, runId: string): Promise<RunLog | null> {
    return this.logs.find(instanceId, runId).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'not_found') return null;
      throw error;
    });
  }

  failed(error: unknown): void {
    this.logger.error('Sending a log failed', error instanceof Error ? error.stack : String(error));
  }

  private open(log: RunLog): Shared {
    const watched = new WatchedLog(log, this.starts);
    const shared = { watched, opened: this.opening(watched, log), holders: 0 };
    this.shared.set(log.run.id, shared);
    return shared;
  }

  private async opening(watched: WatchedLog, log: RunLog): Promise<void> {
    await watched.open();
    if (watched.ended) return;
    // The run may have ended between the lookup and now, unheard: from here on the event is heard.
    const now = await this.find(log.run.instance_id, log.run.id);
    if (!now || now.run.ended_at !== null) await watched.finish(now?.run ?? log.run);
  }

  private began(instanceId: number, run: Run): void {
    // One run at a time: whatever else of this instance is still open is over, even if nobody said so.
    for (const { watched } of this.shared.values()) {
      if (watched.instanceId === instanceId && watched.runId !== run.id) this.finish(watched, watched.run);
    }
    for (const subscription of this.followers.get(instanceId) ?? []) subscription.enqueue([run.id]);
  }

  private ended(run: Run): void {
    const shared = this.shared.get(run.id);
    if (shared) this.finish(shared.watched, run);
  }

  private removed(instanceId: number): void {
    for (const { watched } of this.shared.values()) {
      if (watched.instanceId === instanceId) this.finish(watched, watched.run);
    }
  }

  private finish(watched: WatchedLog, run: Run): void {
    watched.finish(run).catch((error: unknown) => this.failed(error));
  }

  private followersOf(instanceId: number): Set<LogSubscription> {
    const known = this.followers.get(instanceId) ?? new Set();
    this.followers.set(instanceId, known);
    return known;
  }
}

/** Opens the file in any case: whoever joins is told when something else is in its place. @throws StorageError */
function startOffset({ run, path }: RunLog, { from, tail = logFlow.snapshot }: LogWish): Promise<number> {
  const end = logEnd(run);
  return LogFile.using(path, async (file) => {
    if (from !== undefined) return Math.min(from, end);
    return (await file?.tailOffset(tail, run.log_start, end)) ?? end;
  });
}
