import { type FSWatcher, watch } from 'node:fs';

/** How often a log that is being written is looked at, in milliseconds: what was written meanwhile is one read. */
const busyEvery = 10;
/** After so many looks without anything new a log counts as quiet. */
const quietAfter = 10;
/** How often a quiet log is looked at all the same, in milliseconds: inotify can be exhausted, or absent on a mount. */
const quietEvery = 1000;

/**
 * Notices that a file grew. A quiet file is watched by inotify, so that its next line is seen at once. Once it grows
 * the watch is taken off and the file is looked at every 10 ms: a flood of writes would otherwise mean a flood of
 * inotify events, one for each write.
 */
export class GrowthWatch {
  private watcher: FSWatcher | null = null;
  private timer: NodeJS.Timeout | null = null;
  private looking = false;
  private quiet = 0;
  private stopped = false;

  /** @param look measures the file, and says whether it grew */
  constructor(
    private readonly path: string,
    private readonly look: () => Promise<boolean>,
  ) {}

  start(): void {
    this.wake();
  }

  /** Takes off the watch and the timers; a look that is under way is the last one. */
  stop(): void {
    this.stopped = true;
    this.disarm();
    if (this.timer) clearTimeout(this.timer);
  }

  private wake(): void {
    this.quiet = 0;
    this.disarm();
    if (!this.looking) void this.turn();
  }

  private async turn(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.looking = true;
    const grew = await this.look().catch(() => false);
    this.looking = false;
    if (this.stopped) return;
    this.quiet = grew ? 0 : this.quiet + 1;
    if (grew) this.disarm();
    const busy = this.quiet < quietAfter;
    // What was written between the last look and the arming is seen by one more look right after it.
    const delay = busy ? busyEvery : this.arm() ? 0 : quietEvery;
    this.timer = setTimeout(() => void this.turn(), delay).unref();
  }

  /** @returns true when the watch is new */
  private arm(): boolean {
    if (this.watcher) return false;
    try {
      this.watcher = watch(this.path, { persistent: false }, () => this.wake());
      this.watcher.on('error', () => this.disarm());
      return true;
    } catch {
      return false; // not there yet, or no watch left: the slow look goes on
    }
  }

  private disarm(): void {
    this.watcher?.close();
    this.watcher = null;
  }
}
