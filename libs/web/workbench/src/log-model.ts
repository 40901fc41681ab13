import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { logHeaders, maxLogRead, routes, type Run } from '@aikore/contract';
import { ApiClient, LogStreams, errorMessage, type LogListener, type LogStream } from '@aikore/web/data';
import { LogBuffer } from './log-buffer';
import type { LogBlock } from './log-block';
import type { LinePlace } from './log-window';

export type LogPhase = 'opening' | 'idle' | 'live' | 'ended' | 'failed';
const tail = 256 * 1024;
const rangeBytes = 512 * 1024;
/** Shown before and behind a place that is jumped to. */
const around = 192 * 1024;
/** A hidden tab draws no frames, but its log goes on. */
const hiddenFrameMs = 500;

/** What happened to the lines since the last look, for a view that keeps its place. */
export interface LogChange {
  readonly added: number;
  readonly dropped: readonly LogBlock[];
}

/** One watched log with its lines. Changes are announced once per frame by `version`. */
@Injectable()
export class LogModel implements LogListener {
  private readonly streams = inject(LogStreams);
  private readonly api = inject(ApiClient);
  private stream: LogStream | null = null;
  private frame: number | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private instanceId = 0;
  private lastReading: Promise<unknown> = Promise.resolve();
  /** Behind the last byte that the stream brought. */
  private liveEnd = 0;
  /** Bytes before it were written before this page looked. */
  private pastEnd = 0;
  private change = { added: 0, dropped: [] as LogBlock[] };

  buffer = new LogBuffer();
  private readonly versions = signal(0);
  private readonly phases = signal<LogPhase>('opening');
  private readonly shown = signal<Run | null>(null);
  private readonly trouble = signal('');
  private readonly reading = signal(false);

  readonly version = this.versions.asReadonly();
  readonly phase = this.phases.asReadonly();
  readonly run = this.shown.asReadonly();
  readonly problem = this.trouble.asReadonly();
  readonly loading = this.reading.asReadonly();
  /** Bytes of the run before the first one held. */
  readonly earlier = computed(() => {
    this.versions();
    return Math.max(0, this.buffer.from - (this.shown()?.log_start ?? 0));
  });

  /** The end of the log is in the window: new lines are added to it. */
  readonly attached = computed(() => {
    this.versions();
    return this.buffer.end >= this.liveEnd;
  });
  /** Line numbers are known: the window began at the first byte of the run, and was only moved by new lines. */
  readonly counted = computed(() => {
    this.versions();
    return this.buffer.origin === 0;
  });
  /** Some lines came while this page looked: they have times. */
  readonly timed = computed(() => {
    this.versions();
    return this.liveEnd > this.pastEnd;
  });
  /** All of the run is in the window. */
  readonly whole = computed(() => this.attached() && this.earlier() === 0);

  constructor() {
    inject(DestroyRef).onDestroy(() => this.close());
  }

  /** Watches a run of an instance; null: the newest, and every later one. */
  open(instanceId: number, run: string | null): void {
    this.close();
    this.instanceId = instanceId;
    this.reset(0);
    this.shown.set(null);
    this.phases.set('opening');
    this.stream = this.streams.open({ instanceId, run, tail }, this);
  }

  close(): void {
    this.stream?.close();
    this.stream = null;
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    this.frame = this.timer = undefined;
  }

  /** What changed since the last call. */
  takeChange(): LogChange {
    const change = this.change;
    this.change = { added: 0, dropped: [] };
    return change;
  }

  /** Reads what stands before the first line. @returns how many lines were put in front. */
  async loadEarlier(): Promise<number> {
    const end = this.buffer.from;
    if (this.earlier() === 0) return 0;
    let part = await this.readRange(end - rangeBytes, end);
    // Within a long line: all of it at once, so that it stays one line.
    if (part && part.from > part.start && !part.bytes.includes(0x0a))
      part = await this.readRange(end - maxLogRead, end);
    if (!part || this.buffer.from !== end) return 0;
    const lines = this.buffer.prepend(part.bytes.subarray(0, Math.max(0, end - part.from)), part.from, part.start);
    if (lines > 0) this.versions.update((version) => version + 1);
    return lines;
  }

  /** Reads what stands behind the last line, while that is not the end. */
  async loadLater(): Promise<void> {
    const from = this.buffer.end;
    if (this.attached()) return;
    const part = await this.readRange(from, from + rangeBytes);
    if (!part || this.buffer.end !== from || part.from !== from) return;
    this.change.dropped.push(...this.buffer.append(part.bytes).dropped);
    this.versions.update((version) => version + 1);
  }

  /** Brings the line that begins at `offset` into the window. @returns its place; null when it is gone */
  async jumpTo(offset: number): Promise<LinePlace | null> {
    const held = this.buffer.placeOf(offset);
    if (held) return held;
    await this.lastReading.catch(() => undefined);
    const part = await this.readRange(offset - around, offset + around);
    if (!part) return null;
    const cut = Math.min(Math.max(0, offset - part.from), part.bytes.byteLength);
    this.reset(part.from + cut);
    this.buffer.append(part.bytes.subarray(cut));
    this.buffer.prepend(part.bytes.subarray(0, cut), part.from, part.start);
    return this.buffer.placeOf(Math.max(offset, part.from));
  }

  /** Brings the end of the log into the window. */
  async jumpToEnd(): Promise<void> {
    await this.lastReading.catch(() => undefined);
    if (this.attached()) return;
    const part = await this.readRange(this.liveEnd - tail, this.liveEnd - tail + maxLogRead);
    if (!part) return;
    const feed = part.from > part.start ? part.bytes.indexOf(0x0a) + 1 : 0;
    this.reset(part.from + feed);
    this.buffer.append(part.bytes.subarray(feed));
  }

  /** @returns null when another reading goes on, or another run is shown meanwhile */
  private readRange(from: number, to: number) {
    if (this.reading()) return Promise.resolve(null);
    const reading = this.readBytes(from, to);
    this.lastReading = reading;
    return reading;
  }

  private async readBytes(from: number, to: number) {
    const run = this.shown();
    if (!run) return null;
    this.reading.set(true);
    try {
      const first = Math.max(run.log_start, from);
      const query = { run: run.id, from: first, limit: Math.min(maxLogRead, Math.max(1, to - first)) };
      const { headers, bytes } = await this.api.read(routes.readLog, { params: { id: this.instanceId }, query });
      if (this.shown()?.id !== run.id) return null;
      const offset = Number(headers.get(logHeaders.offset) ?? first);
      // Dropped by the size cap since the run was shown: there is less to read.
      if (offset > first) this.shown.update((shown) => shown && { ...shown, log_start: offset });
      return { bytes, from: offset, start: offset > first ? offset : run.log_start };
    } finally {
      this.reading.set(false);
    }
  }

  begin(run: Run, offset: number): void {
    this.shown.set(run);
    this.phases.set(run.ended_at ? 'ended' : 'live');
    this.liveEnd = offset;
    this.pastEnd = run.log_start + run.log_size;
    this.reset(offset);
  }

  idle(): void {
    this.phases.set('idle');
  }

  bytes(data: Uint8Array, offset: number): void {
    const { end } = this.buffer;
    this.liveEnd = offset + data.byteLength;
    if (offset > end) this.change.added += lineFeeds(data);
    else if (this.liveEnd > end) {
      const at = offset >= this.pastEnd ? Date.now() : null;
      const { added, dropped } = this.buffer.append(data.subarray(end - offset), at);
      this.change.added += added;
      this.change.dropped.push(...dropped);
    }
    this.schedule();
  }

  gap(from: number, to: number, reason: 'capped' | 'slow' | 'lost'): void {
    this.liveEnd = Math.max(this.liveEnd, to);
    if (this.buffer.end === from) {
      this.buffer.appendGap({ from, to, reason });
      this.change.added++;
    }
    this.schedule();
  }

  end(run: Run): void {
    this.shown.set(run);
    this.phases.set('ended');
    this.schedule();
  }

  failed(error: unknown): void {
    this.trouble.set(errorMessage(error));
    this.phases.set('failed');
  }

  private reset(offset: number): void {
    this.buffer = new LogBuffer(offset);
    this.change = { added: 0, dropped: [] };
    this.versions.update((version) => version + 1);
  }

  private schedule(): void {
    if (this.frame !== undefined || this.timer !== undefined) return;
    const publish = () => {
      this.frame = this.timer = undefined;
      this.versions.update((version) => version + 1);
    };
    if (document.hidden) this.timer = setTimeout(publish, hiddenFrameMs);
    else this.frame = requestAnimationFrame(publish);
  }
}

function lineFeeds(data: Uint8Array): number {
  let count = 0;
  for (let at = data.indexOf(0x0a); at >= 0; at = data.indexOf(0x0a, at + 1)) count++;
  return count;
}
