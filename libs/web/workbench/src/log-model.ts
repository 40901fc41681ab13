import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { logHeaders, routes, type Run } from '@aikore/contract';
import { ApiClient, LogStreams, errorMessage, type LogListener, type LogStream } from '@aikore/web/data';
import { LogBuffer } from './log-buffer';
import type { LogBlock } from './log-block';

export type LogPhase = 'opening' | 'idle' | 'live' | 'ended' | 'failed';
const tail = 256 * 1024;
const earlierBytes = 512 * 1024;
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
  readonly loadingEarlier = this.reading.asReadonly();
  /** Bytes of the run before the first one held. */
  readonly earlier = computed(() => {
    this.versions();
    return Math.max(0, this.buffer.from - (this.shown()?.log_start ?? 0));
  });

  /** No earlier lines can be held beside those that are there. */
  readonly full = computed(() => {
    this.versions();
    return this.buffer.full;
  });

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
    const run = this.shown();
    const end = this.buffer.from;
    const from = Math.max(run?.log_start ?? 0, end - earlierBytes);
    if (!run || from >= end || this.reading() || this.buffer.full) return 0;
    this.reading.set(true);
    try {
      const answer = await this.api.read(routes.readLog, {
        params: { id: this.instanceId },
        query: { run: run.id, from, limit: end - from },
      });
      if (this.shown()?.id !== run.id || this.buffer.from !== end) return 0;
      const offset = Number(answer.headers.get(logHeaders.offset) ?? from);
      // Dropped by the size cap since the run was shown: there is less to read.
      if (offset > from) this.shown.update((shown) => shown && { ...shown, log_start: offset });
      const before = answer.bytes.subarray(0, Math.max(0, end - offset));
      const lines = this.buffer.prepend(before, offset, offset > from ? offset : run.log_start);
      if (lines > 0) this.versions.update((version) => version + 1);
      return lines;
    } finally {
      this.reading.set(false);
    }
  }

  begin(run: Run, offset: number): void {
    this.shown.set(run);
    this.phases.set(run.ended_at ? 'ended' : 'live');
    this.reset(offset);
  }

  idle(): void {
    this.phases.set('idle');
  }

  bytes(data: Uint8Array): void {
    const { added, dropped } = this.buffer.append(data);
    this.change.added += added;
    this.change.dropped.push(...dropped);
    this.schedule();
  }

  gap(from: number, to: number, reason: 'capped' | 'slow' | 'lost'): void {
    this.buffer.appendGap({ from, to, reason });
    this.change.added++;
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
