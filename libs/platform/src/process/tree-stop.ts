import { setTimeout as delay } from 'node:timers/promises';
import { CgroupTree } from './cgroup-tree';
import type { ProcStat } from './procfs';
import type { RunIdentity, StopOptions } from './run-launcher';
import { isSame, keyOf, type RunTree } from './run-tree';

/** With nothing visible left, a launcher that still lives is waiting for what we cannot see, or was stopped. */
const launcherPatienceMs = 1000;

/** Sends a signal to exactly this process: its identity is read once more right before. */
const signal = (process_: { pid: number; startTime: number }, name: NodeJS.Signals): void => {
  if (isSame(process_)) send(process_.pid, name);
};

const send = (target: number, name: NodeJS.Signals): void => {
  try {
    process.kill(target, name);
  } catch {
    // It left by itself, or belongs to another user: the next scan tells.
  }
};

/** One stop of one run: TERM to all, grace, then KILL until a scan finds nothing or the deadline has passed. */
export class TreeStop {
  private readonly killed = new Set<string>();
  private readonly began = performance.now();

  constructor(
    private readonly tree: RunTree,
    private readonly launcher: RunIdentity | null,
    private readonly leaf: string | null,
    private readonly options: StopOptions,
  ) {}

  /** Resolves with what is still there at the deadline, and how many processes were killed. */
  async run(): Promise<{ survivors: ProcStat[]; killed: number }> {
    await this.ask(Math.min(this.options.graceMs, this.options.deadlineMs));
    const survivors = await this.sweep(this.options.deadlineMs);
    return { survivors, killed: this.killed.size };
  }

  private get elapsed(): number {
    return performance.now() - this.began;
  }

  /** TERM, also to what a dying tree still starts; CONT so that a stopped process can act on it. */
  private async ask(until: number): Promise<void> {
    if (this.launcher) signal(this.launcher, 'SIGCONT');
    const asked = new Set<string>();
    do {
      const members = await this.tree.scan();
      if (members.length === 0) return;
      for (const member of members) {
        if (asked.has(keyOf(member))) continue;
        asked.add(keyOf(member));
        signal(member, 'SIGTERM');
        signal(member, 'SIGCONT');
      }
      do await delay(Math.max(1, Math.min(20, until - this.elapsed)));
      while (this.tree.anyKnownAlive() && this.elapsed < until);
    } while (this.elapsed < until);
  }

  private async sweep(until: number): Promise<ProcStat[]> {
    for (let pass = 0, emptySince: number | null = null; ; pass += 1) {
      const members = await this.tree.scan();
      if (members.length > 0) {
        emptySince = null;
        this.kill(members);
      } else {
        // The launcher leaves only when no descendant is left: its end is the proof. Without it, look twice.
        const launcherLives = this.launcher !== null && isSame(this.launcher);
        if (!launcherLives && emptySince !== null) return [];
        emptySince ??= this.elapsed;
        if (this.launcher && this.elapsed - emptySince > launcherPatienceMs) signal(this.launcher, 'SIGKILL');
      }
      if (this.elapsed >= until) return members;
      await delay(pass < 20 ? 5 : 50);
    }
  }

  /** The leaf and whole groups first: those are atomic against a process that forks while it is being killed. */
  private kill(members: ProcStat[]): void {
    if (this.leaf) CgroupTree.kill(this.leaf);
    for (const group of this.tree.groups) {
      if (members.some((member) => member.group === group && isSame(member))) send(-group, 'SIGKILL');
    }
    for (const member of members) {
      this.killed.add(keyOf(member));
      signal(member, 'SIGKILL');
    }
  }
}
