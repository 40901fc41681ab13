import { type TerminalEnding, terminalFlow, terminalLimits, type TerminalSession } from '@aikore/contract';
import { isTerminalAnswer, mustWait, ReplayLog } from '@aikore/domain';
import type { Clock, Pty } from '@aikore/platform';
import { type EndReason, endingOf } from './endings';
import { IdleWatch } from './idle-watch';
import { SessionViewer, type ViewerSink } from './session-viewer';

/** What a session tells whoever keeps it. */
export interface SessionEvents {
  /** Its description has changed. */
  changed(session: LiveSession): void;
  ended(session: LiveSession, ending: TerminalEnding): void;
}

type Size = Pick<TerminalSession, 'cols' | 'rows'>;

/** How long a program has to take a hang-up seriously, in milliseconds. */
const hangUpMs = 1000;
/** How long a program sees another size, so that it notices and draws everything anew, in milliseconds. */
const redrawMs = 60;
/**
 * Output that follows soon after other output waits until so many milliseconds have passed, or until it fills a message.
 * A flood comes in pieces of 4 KiB, and each message costs an acknowledgement; the echo of a key waits for nothing.
 */
const batchMs = 4;
/** Longer input is typed or pasted, not answered by a terminal. */
const maxAnswer = 256;

/** A shell with its latest output and those who look at it. */
export class LiveSession {
  private readonly replay = new ReplayLog({
    bytes: terminalLimits.replayBytes,
    lines: terminalLimits.scrollback,
  });
  private readonly viewers = new Set<SessionViewer>();
  private readonly idle: IdleWatch;
  /** Output that was read and not handed on yet. */
  private batch: Uint8Array[] = [];
  private batchSize = 0;
  private lastFlush = Number.NEGATIVE_INFINITY;
  private isWaiting = false;
  private reason: EndReason | null = null;
  /** Who used it last: of several terminals that answer a program's question, this one is believed. */
  private primary: SessionViewer | null = null;

  /** @param owner whose it is */
  constructor(
    readonly owner: string,
    private description: TerminalSession,
    private readonly pty: Pty,
    private readonly clock: Clock,
    private readonly events: SessionEvents,
  ) {
    pty.onOutput((bytes) => this.gather(bytes));
    this.idle = new IdleWatch(clock, {
      isBusy: () => pty.isBusy(),
      endsAt: (time) => this.describe({ idle_end_at: time?.toISOString() ?? null }),
      end: () => void this.end('idle'),
    });
    void pty.exited.then((exit) => this.finish(endingOf(this.reason, exit)));
  }

  get view(): TerminalSession {
    return this.description;
  }

  get viewerCount(): number {
    return this.viewers.size;
  }

  /** Bytes kept for those who come later. */
  get replaySize(): number {
    return this.replay.size;
  }

  /**
   * Somebody looks at it from now on; nothing is sent before `show`.
   *
   * @param size of the viewer's terminal: it is taken over
   */
  attach(sink: ViewerSink, size: Size | null): SessionViewer {
    const viewer = new SessionViewer(sink);
    if (size) this.resize(viewer, size);
    this.viewers.add(viewer);
    this.primary = viewer;
    return viewer;
  }

  /** Send the viewer everything. */
  show(viewer: SessionViewer): void {
    if (!this.viewers.has(viewer)) return;
    this.flush();
    const { cols, rows } = this.description;
    viewer.show({ cols, rows, data: Buffer.concat(this.replay.parts()) });
    if (this.replay.isPartial) this.redraw();
    this.balance();
  }

  detach(viewer: SessionViewer): void {
    this.viewers.delete(viewer);
    if (this.primary === viewer) this.primary = [...this.viewers].at(-1) ?? null;
    this.balance();
  }

  /** @returns resolves when the program's side took all of it */
  async input(viewer: SessionViewer, data: Uint8Array): Promise<void> {
    if (data.length <= maxAnswer && isTerminalAnswer(Buffer.from(data).toString('latin1'))) {
      if (viewer !== this.primary) return;
    } else {
      this.primary = viewer;
    }
    this.idle.touch();
    await this.pty.write(data);
  }

  resize(viewer: SessionViewer, { cols, rows }: Size): void {
    this.primary = viewer;
    if (cols === this.description.cols && rows === this.description.rows) return;
    // What was drawn for the old size is sent before the new one is told.
    this.flush();
    this.pty.resize(cols, rows);
    for (const other of this.viewers) if (other !== viewer) other.resized(cols, rows);
    this.describe({ cols, rows });
  }

  /** @returns false when the viewer claims bytes that it was not sent */
  acknowledge(viewer: SessionViewer, received: number): boolean {
    const isPlausible = viewer.acknowledged(received);
    if (isPlausible) this.balance();
    return isPlausible;
  }

  /** The connection of a viewer can take more. */
  proceed(): void {
    this.balance();
  }

  /** End the shell and all that runs in it. Resolves when it is over. */
  async end(reason: EndReason): Promise<void> {
    this.reason ??= reason;
    await this.pty.end(hangUpMs);
  }

  private gather(bytes: Uint8Array): void {
    const isFirst = this.batch.length === 0;
    this.batch.push(bytes);
    this.batchSize += bytes.length;
    if (this.batchSize >= terminalFlow.chunk) return this.flush();
    if (!isFirst) return;
    const wait = this.lastFlush + batchMs - this.clock.monotonic();
    if (wait > 0) this.clock.setTimeout(() => this.flush(), wait);
    else setImmediate(() => this.flush());
  }

  private flush(): void {
    if (this.batch.length === 0) return;
    const [only] = this.batch;
    const data = this.batch.length === 1 && only ? only : Buffer.concat(this.batch);
    this.batch = [];
    this.batchSize = 0;
    this.lastFlush = this.clock.monotonic();
    this.idle.touch();
    this.replay.append(data);
    for (const viewer of this.viewers) viewer.output(data);
    this.balance();
  }

  /** Who lags behind, who can begin anew, and whether the program must wait. */
  private balance(): void {
    const fastest = Math.min(...[...this.viewers].map(({ debt }) => debt));
    for (const viewer of this.viewers) {
      if (viewer.shouldLag && fastest <= terminalFlow.pause) viewer.lag();
      else if (viewer.isReadyForScreen) return this.show(viewer);
    }
    const debts = [...this.viewers].map(({ debt }) => debt);
    const mustWaitNow = mustWait(this.isWaiting, debts, terminalFlow);
    if (mustWaitNow === this.isWaiting) return;
    this.isWaiting = mustWaitNow;
    if (mustWaitNow) this.pty.pause();
    else this.pty.resume();
  }

  /** Part of what a full-screen program drew is not kept any more: a change of size makes it draw everything. */
  private redraw(): void {
    const { cols, rows } = this.description;
    this.pty.resize(cols, rows > 1 ? rows - 1 : rows + 1);
    this.clock.setTimeout(() => this.pty.resize(this.description.cols, this.description.rows), redrawMs);
  }

  private describe(change: Partial<TerminalSession>): void {
    this.description = { ...this.description, ...change };
    this.events.changed(this);
  }

  private finish(ending: TerminalEnding): void {
    this.flush();
    this.idle.stop();
    for (const viewer of this.viewers) {
      if (viewer.isLagging) this.show(viewer);
      viewer.ended(ending);
    }
    this.viewers.clear();
    this.events.ended(this, ending);
  }
}
