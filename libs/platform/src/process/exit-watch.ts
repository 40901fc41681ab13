import { watch, type FSWatcher } from 'node:fs';
import { basename } from 'node:path';
import { exitFile, lostExit, readExit } from './run-files';
import type { RunExit, RunHandle, RunIdentity, RunRef } from './run-launcher';
import { isSame } from './run-tree';

interface Watched {
  run: RunRef & { identity: RunIdentity };
  watcher: FSWatcher | null;
  settle: (exit: RunExit) => void;
}

const pollMs = 1000;

/**
 * Notices the end of runs, own children or adopted alike: the exit file appears (inotify, milliseconds), or a look
 * each second finds the file or the launcher gone. The look is also what works where inotify does not (NFS).
 */
export class ExitWatch {
  private readonly watched = new Set<Watched>();
  private timer: NodeJS.Timeout | null = null;

  /** @param onEnd called once for each run that ended, before `exited` resolves */
  constructor(private readonly onEnd: (run: RunRef) => void) {}

  /** Starts watching; the handle's `exited` settles when the command has ended. */
  watch(run: RunRef & { identity: RunIdentity }): RunHandle {
    const entry: Watched = { run, watcher: null, settle: () => undefined };
    const exited = new Promise<RunExit>((resolve) => (entry.settle = resolve));
    this.watched.add(entry);
    entry.watcher = this.openWatcher(entry);
    this.timer ??= setInterval(() => this.checkAll(), pollMs).unref();
    this.check(entry);
    return { ...run, exited };
  }

  /** Looks at once, for a caller who knows that something happened. */
  checkAll(): void {
    for (const entry of this.watched) this.check(entry);
  }

  close(): void {
    for (const entry of this.watched) this.drop(entry);
  }

  private openWatcher(entry: Watched): FSWatcher | null {
    const name = basename(exitFile(entry.run));
    try {
      const watcher = watch(entry.run.runDir, { persistent: false }, (_event, file) => {
        if (file === name) this.check(entry);
      });
      return watcher.on('error', () => watcher.close());
    } catch {
      return null;
    }
  }

  private check(entry: Watched): void {
    if (!this.watched.has(entry)) return;
    // The launcher writes the file before it exits: a file that is missing after it was seen dead will never come.
    const exit = readExit(entry.run) ?? (isSame(entry.run.identity) ? null : (readExit(entry.run) ?? lostExit()));
    if (!exit) return;
    this.drop(entry);
    this.onEnd(entry.run);
    entry.settle(exit);
  }

  private drop(entry: Watched): void {
    this.watched.delete(entry);
    entry.watcher?.close();
    if (this.watched.size > 0 || !this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
  }
}
