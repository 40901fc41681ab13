import type { Blueprint, InstanceStatus, Progress } from '@aikore/contract';
import { parseProgressLine, type LifecycleEvent } from '@aikore/domain';
import type { Clock, Files, PortProbe, Timer } from '@aikore/platform';

export interface WatchedRun {
  readonly appPort: number;
  readonly header: Pick<Blueprint, 'health_path' | 'start_timeout'>;
  readonly progressFile: string;
  readonly logFile: string;
}

/** How often signs of life are looked for. With the probe's own time it keeps "port open → started" below 250 ms. */
const tickMs = 120;
/** While an install reports progress, the port is asked only at every n-th tick. */
const installTicks = 4;

/**
 * Watches an app come up: its progress file, its port, and silence. Ends by itself when the app answers; the exit of
 * the process is not its business.
 */
export class RunWatch {
  private timer: Timer | null = null;
  private ended = false;
  private ticks = 0;
  private readSize = 0;
  private lastSign: number;
  private logSize = -1;
  private status: InstanceStatus;

  constructor(
    private readonly run: WatchedRun,
    status: InstanceStatus,
    private readonly post: (event: LifecycleEvent) => void,
    private readonly tools: { clock: Clock; files: Files; probe: PortProbe },
  ) {
    this.status = status;
    this.lastSign = tools.clock.monotonic();
    this.schedule();
  }

  /** Keep in step with the instance: installing is never called stalled. */
  statusIs(status: InstanceStatus): void {
    if (this.status !== status) this.lastSign = this.tools.clock.monotonic();
    this.status = status;
  }

  stop(): void {
    this.ended = true;
    this.timer?.cancel();
  }

  private schedule(): void {
    if (!this.ended) this.timer = this.tools.clock.setTimeout(() => void this.tick(), tickMs);
  }

  private async tick(): Promise<void> {
    try {
      await this.readProgress();
      if (this.status !== 'installing' || this.ticks % installTicks === 0) await this.askPort();
      if (this.ticks % 8 === 0) await this.listen();
      this.ticks++;
    } finally {
      this.schedule();
    }
  }

  private async askPort(): Promise<void> {
    const { httpStatus } = await this.tools.probe.probe(this.run.appPort, {
      path: this.run.header.health_path,
      timeoutMs: 1000,
    });
    if (this.ended || httpStatus === null || httpStatus >= 500) return;
    this.stop();
    this.post({ type: 'answered' });
  }

  private async readProgress(): Promise<void> {
    const stat = await this.tools.files.stat(this.run.progressFile);
    if (this.ended || !stat || stat.size === this.readSize) return;
    this.readSize = stat.size;
    const progress = lastProgress((await this.tools.files.readText(this.run.progressFile)) ?? '');
    if (!this.ended && progress) this.post({ type: 'progressed', progress });
  }

  /** Output is a sign of life; `start_timeout` seconds without any, and without an answer, are a stall. */
  private async listen(): Promise<void> {
    const size = (await this.tools.files.stat(this.run.logFile))?.size ?? 0;
    if (this.ended) return;
    const now = this.tools.clock.monotonic();
    if (size !== this.logSize) {
      if (this.logSize >= 0) this.lastSign = now;
      this.logSize = size;
      if (this.status === 'stalled' && this.lastSign === now) this.post({ type: 'spoke' });
    } else if (this.status === 'starting' && now - this.lastSign > this.run.header.start_timeout * 1000) {
      this.post({ type: 'fell-silent' });
    }
  }
}

/** The last whole line that makes sense. A line still being written has no newline yet. */
function lastProgress(text: string): Progress | null {
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  for (let i = lines.length - 1; i >= 0; i--) {
    const progress = parseProgressLine(lines[i] ?? '');
    if (progress) return progress;
  }
  return null;
}
