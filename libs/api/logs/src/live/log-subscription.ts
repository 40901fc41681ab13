import { logFlow } from '@aikore/contract';
import { LogCursor } from '@aikore/domain';
import type { RunLog } from '../files/run-logs';
import type { LogViewer } from './log-viewer';
import type { WatchedLog } from './watched-log';

/** What a subscription needs of the hub. */
export interface LogSource {
  acquire(log: RunLog): Promise<WatchedLog>;
  release(watched: WatchedLog, listener: () => void): void;
  /** The run with its log; null when there is none any more. */
  find(instanceId: number, runId: string): Promise<RunLog | null>;
  failed(error: unknown): void;
}

/** Most later runs that wait for a viewer that does not read; the oldest of them is left out beyond that. */
const maxQueued = 100;
/** After a run could not be looked up it is tried again, later each time: from and up to, in milliseconds. */
const retryFrom = 1000;
const retryUpTo = 30_000;

/** One viewer of one run, or of an instance's runs one after the other. */
export class LogSubscription {
  private cursor: LogCursor | null = null;
  private watched: WatchedLog | null = null;
  /** Later runs, oldest first. */
  private queue: string[] = [];
  private ready = false;
  private pumping = false;
  private again = false;
  private closed = false;
  private failures = 0;
  private retry: NodeJS.Timeout | null = null;

  /** @param follows go on with later runs of the instance */
  constructor(
    private readonly source: LogSource,
    private readonly viewer: LogViewer,
    readonly instanceId: number,
    private readonly follows: boolean,
  ) {}

  /** Nothing will be sent any more. */
  get finished(): boolean {
    return this.closed || (this.ready && !this.cursor && !this.follows);
  }

  /** Watch `log` from `offset`; nothing is sent before `begin`. */
  async watch(log: RunLog, offset: number): Promise<void> {
    const watched = await this.source.acquire(log);
    if (this.closed) return this.source.release(watched, this.changed);
    this.watched = watched;
    this.cursor = new LogCursor(logFlow, { offset, logStart: watched.logStart, size: watched.size });
    this.queue = this.queue.slice(this.queue.indexOf(watched.runId) + 1);
    watched.join(this.changed);
    this.observe(watched, this.cursor);
  }

  /** The join was answered: messages may follow. */
  begin(): void {
    this.ready = true;
    void this.pump();
  }

  /** The connection can take more. */
  proceed(): void {
    void this.pump();
  }

  /** Runs that began after the one being watched, oldest first; known ones are passed over. */
  enqueue(runIds: readonly string[], where: 'front' | 'back' = 'back'): void {
    if (!this.follows) return;
    const fresh = runIds.filter((id) => id !== this.watched?.runId && !this.queue.includes(id));
    this.queue = (where === 'front' ? [...fresh, ...this.queue] : [...this.queue, ...fresh]).slice(-maxQueued);
    void this.pump();
  }

  /** @returns false when the client claims bytes that it was not sent */
  acknowledge(runId: string, offset: number): boolean {
    if (!this.cursor || this.watched?.runId !== runId) return true; // a late one, for the run before
    const plausible = this.cursor.acked(offset);
    if (plausible) void this.pump();
    return plausible;
  }

  close(): void {
    this.closed = true;
    if (this.retry) clearTimeout(this.retry);
    this.letGo();
  }

  private readonly changed = (): void => {
    if (!this.watched || !this.cursor) return;
    this.observe(this.watched, this.cursor);
    void this.pump();
  };

  private observe(watched: WatchedLog, cursor: LogCursor): void {
    cursor.grown(watched.size);
    cursor.dropped(watched.logStart);
    if (watched.ended) cursor.ended();
  }

  /** One at a time; whatever happens meanwhile makes it go round once more. */
  private async pump(): Promise<void> {
    this.again = true;
    if (this.pumping || !this.ready) return;
    this.pumping = true;
    try {
      while (this.again && !this.closed) {
        this.again = false;
        if (!this.cursor) await this.nextRun();
        else await this.advance(this.cursor);
      }
    } catch (error) {
      this.source.failed(error);
    } finally {
      this.pumping = false;
    }
  }

  private async advance(cursor: LogCursor): Promise<void> {
    while (this.watched && this.cursor === cursor && !this.viewer.congested()) {
      const step = cursor.next();
      if (step.kind === 'wait') return;
      if (step.kind === 'end') return this.endRun(this.watched);
      if (step.kind === 'gap') this.viewer.gap(this.watched.runId, step.from, step.to, step.reason);
      else if (!(await this.sendChunk(this.watched, cursor, step.from, step.to))) continue;
      cursor.done(step);
    }
  }

  /** @returns false when the bytes are gone: the cursor then has a gap to tell of */
  private async sendChunk(watched: WatchedLog, cursor: LogCursor, from: number, to: number): Promise<boolean> {
    const data = await watched.read(from, to);
    if (this.watched !== watched) return false;
    if (watched.logStart > from) cursor.dropped(watched.logStart);
    else if (data.length < to - from)
      cursor.dropped(to); // cut by somebody, or not readable
    else {
      this.viewer.chunk(watched.runId, from, data);
      return true;
    }
    return false;
  }

  private endRun(watched: WatchedLog): void {
    this.viewer.runEnded(watched.run);
    this.letGo();
    this.again = true;
  }

  /** A run leaves the queue when it is watched, or is known to be gone; the person is told of it when it is there. */
  private async nextRun(): Promise<void> {
    const [runId] = this.queue;
    if (runId === undefined) return;
    try {
      const log = await this.source.find(this.instanceId, runId);
      if (log) await this.watch(log, 0);
      else this.queue = this.queue.filter((id) => id !== runId);
      this.failures = 0;
      if (log && !this.closed) this.viewer.runBegan(log.run);
      this.again = true;
    } catch (error) {
      this.source.failed(error);
      this.tryLater();
    }
  }

  private tryLater(): void {
    if (this.closed) return;
    if (this.retry) clearTimeout(this.retry);
    const delay = Math.min(retryUpTo, retryFrom * 2 ** this.failures);
    this.failures += 1;
    this.retry = setTimeout(() => void this.pump(), delay).unref();
  }

  private letGo(): void {
    if (this.watched) this.source.release(this.watched, this.changed);
    this.watched = null;
    this.cursor = null;
  }
}
