import { Logger } from '@nestjs/common';
import type { InstanceStatus, Progress } from '@aikore/contract';
import { type BlueprintHeader, type LifecycleEvent, parseProgressLine } from '@aikore/domain';
import type { Clock, Files, Timer } from '@aikore/platform';
import type { PortAnswer } from './app-port';

export interface WatchedRun {
  readonly header: Pick<BlueprintHeader, 'health_path' | 'start_timeout'>;
  readonly progressFile: string;
  readonly logFile: string;
}

/** How often the port is asked. With the probe's own time it keeps "port open → started" below 250 ms. */
const tickMs = 120;
/** Progress is a durable write and a message to every browser: at most every n-th tick. */
const progressTicks = 3;
const logTicks = 8;
/** Whose a port is takes a look at all processes: not each time while a stranger answers. */
const strangerTicks = 8;
/** More than a progress file ever needs; an app that writes more has written something else. */
const progressLimit = 4 * 1024 * 1024;

/**
 * Watches an app come up: its progress file, its port, and silence. Ends by itself when the app answers; the exit of
 * the process is not its business. What the app does to its files must never harm the server: a look that fails is
 * said once, and looked again.
 */
export class RunWatch {
  private readonly logger = new Logger(RunWatch.name);
  private timer: Timer | null = null;
  private ended = false;
  private complained = false;
  private ticks = 0;
  private readSize = 0;
  private lastSign: number;
  private logSize = -1;
  private stranger: string | null = null;
  private askAt = 0;

  constructor(
    private readonly run: WatchedRun,
    private status: InstanceStatus,
    private readonly post: (event: LifecycleEvent) => void,
    private readonly tools: { clock: Clock; files: Files; ask: (path: string) => Promise<PortAnswer> },
  ) {
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
    if (this.ticks % progressTicks === 0) await this.look(() => this.readProgress());
    await this.look(() => this.askPort());
    if (this.ticks % logTicks === 0) await this.look(() => this.listen());
    this.ticks++;
    this.schedule();
  }

  private async look(at: () => Promise<void>): Promise<void> {
    if (this.ended) return;
    try {
      await at();
    } catch (error) {
      if (!this.complained) this.logger.warn(`An app cannot be watched well: ${String(error)}`);
      this.complained = true;
    }
  }

  private async askPort(): Promise<void> {
    if (this.ticks < this.askAt) return;
    const answer = await this.tools.ask(this.run.header.health_path);
    if (this.ended) return;
    this.stranger = answer.kind === 'stranger' ? answer.holder : null;
    if (this.stranger) this.askAt = this.ticks + strangerTicks;
    if (answer.kind !== 'up') return;
    this.stop();
    this.post({ type: 'answered' });
  }

  private async readProgress(): Promise<void> {
    const stat = await this.tools.files.stat(this.run.progressFile);
    if (this.ended || !stat || stat.size === this.readSize || stat.size > progressLimit) return;
    this.readSize = stat.size;
    const progress = lastProgress((await this.tools.files.readText(this.run.progressFile)) ?? '');
    if (this.ended || !progress) return;
    this.lastSign = this.tools.clock.monotonic();
    this.post({ type: 'progressed', progress });
  }

  /** Output and progress are signs of life; `start_timeout` seconds without any, and without an answer, are a stall. */
  private async listen(): Promise<void> {
    const size = (await this.tools.files.stat(this.run.logFile))?.size ?? 0;
    if (this.ended) return;
    const now = this.tools.clock.monotonic();
    const spoke = this.logSize >= 0 && size !== this.logSize;
    this.logSize = size;
    if (spoke) this.lastSign = now;
    if (spoke && this.status === 'stalled') this.post({ type: 'spoke' });
    else if (this.status === 'starting' && now - this.lastSign > this.run.header.start_timeout * 1000) {
      this.post({ type: 'fell-silent', stranger: this.stranger });
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
