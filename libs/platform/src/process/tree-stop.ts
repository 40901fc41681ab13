import { setTimeout as delay } from 'node:timers/promises';
import { CgroupTree } from './cgroup-tree';
import { isAlive, type ProcStat, readStat } from './procfs';
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
  /** Groups that held members of the run only, at some scan. */
  private readonly groups = new Set<number>();
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
      for (const group of this.tree.groups) this.groups.add(group);
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
        // A chain of processes, each of which forks the next and exits, hides between two looks; its group does not.
        if (launcherLives) this.killGroups(members);
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
    this.killGroups(members);
    for (const member of members) {
      this.killed.add(keyOf(member));
      signal(member, 'SIGKILL');
    }
  }

  /**
   * The number of a group is given to no new process while the group has members: without a living process of that
   * number, or with one that is ours, the group is ours, or empty.
   */
  private killGroups(members: ProcStat[]): void {
    for (const group of this.tree.groups) this.groups.add(group);
    for (const group of this.groups) {
      const ours = members.some((member) => member.pid === group && isSame(member));
      if (ours || !isAlive(readStat(group))) send(-group, 'SIGKILL');
    }
  }
}
