import { Logger } from '@nestjs/common';
import type { Run } from '@aikore/contract';
import { GrowthWatch, LogFile } from '@aikore/platform';
import type { LogStarts } from '../files/log-starts';
import { logEnd, type RunLog } from '../files/run-logs';

/** Pieces that are kept for other viewers at the same place. */
const sharedPieces = 8;
const nothing = Buffer.alloc(0);

/** One run's log, followed for all its viewers together: one open file, one watch, one read of each piece. */
export class WatchedLog {
  private readonly logger = new Logger('Logs');
  private readonly listeners = new Set<() => void>();
  private readonly pieces = new Map<string, Promise<Buffer>>();
  private readonly growth: GrowthWatch;
  private readonly stopListening: () => void;
  private file: LogFile | null = null;
  private opening: Promise<void> | null = null;
  private start: number;
  private end: number;
  private final: Run | null = null;
  private closed = false;

  constructor(
    private readonly log: RunLog,
    private readonly starts: LogStarts,
  ) {
    this.start = log.run.log_start;
    this.end = logEnd(log.run);
    this.growth = new GrowthWatch(log.path, () => this.measure());
    this.stopListening = starts.onChange((runId) => {
      if (runId !== log.run.id) return;
      this.start = Math.max(this.start, starts.of(runId));
      this.announce();
    });
  }

  get runId(): string {
    return this.log.run.id;
  }

  get instanceId(): number {
    return this.log.run.instance_id;
  }

  /** First byte that is kept. */
  get logStart(): number {
    return this.start;
  }

  /** End of the log as far as it is known. */
  get size(): number {
    return this.end;
  }

  /** The run has ended and `size` is final. */
  get ended(): boolean {
    return this.final !== null;
  }

  get run(): Run {
    return { ...(this.final ?? this.log.run), log_start: this.start, log_size: Math.max(0, this.end - this.start) };
  }

  get viewers(): number {
    return this.listeners.size;
  }

  /** Begin to follow the file; resolves once its size was taken. */
  async open(): Promise<void> {
    await this.measure();
    if (this.log.run.ended_at !== null) await this.finish(this.log.run);
    else if (!this.closed && !this.ended) this.growth.start();
  }

  /** The run ended: take the last bytes, then `ended` is true. */
  async finish(run: Run): Promise<void> {
    if (this.final) return;
    this.growth.stop();
    await this.measure();
    this.final = run;
    this.announce();
  }

  /** Take part. The listener is called when the log grew, lost its oldest part, or ended. */
  join(listener: () => void): void {
    this.listeners.add(listener);
  }

  leave(listener: () => void): void {
    this.listeners.delete(listener);
  }

  /** The bytes [from, to), read once for all who ask for them now; fewer when the file does not have them. */
  read(from: number, to: number): Promise<Buffer> {
    const key = `${from}-${to}`;
    const known = this.pieces.get(key);
    if (known) return known;
    const piece = this.readNow(from, to).catch((error: unknown) => {
      if (!this.closed) this.logger.error(`Reading ${this.log.path} failed: ${String(error)}`);
      return nothing;
    });
    this.pieces.set(key, piece);
    for (const oldest of this.pieces.keys()) {
      if (this.pieces.size <= sharedPieces) break;
      this.pieces.delete(oldest);
    }
    return piece;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.growth.stop();
    this.stopListening();
    this.pieces.clear();
    await this.opening;
    await this.file?.close();
    this.file = null;
  }

  private async readNow(from: number, to: number): Promise<Buffer> {
    const data = (await this.file?.read(from, to)) ?? nothing;
    await this.starts.settled(this.runId);
    return data;
  }

  private async measure(): Promise<boolean> {
    if (!this.file) {
      this.opening ??= this.tryOpen();
      await this.opening;
    }
    const size = (await this.file?.size()) ?? 0;
    if (size <= this.end) return false;
    this.end = size;
    this.announce();
    return true;
  }

  private async tryOpen(): Promise<void> {
    const file = await LogFile.open(this.log.path).catch(() => null);
    this.opening = null;
    if (this.closed) await file?.close();
    else this.file = file;
  }

  private announce(): void {
    for (const listener of this.listeners) listener();
  }
}
