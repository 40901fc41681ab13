import { setTimeout as delay } from 'node:timers/promises';
import { CgroupTree } from './cgroup-tree';
import { isAlive, type ProcStat, readChildren, readStat } from './procfs';
import type { RunIdentity, StopOptions } from './run-launcher';
import { isSame, keyOf, type RunTree } from './run-tree';

/** With nothing alive left, a launcher that still has children cannot collect them: something keeps stopping it. */
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
      this.killChildren();
      const members = await this.tree.scan();
      if (members.length > 0) {
        emptySince = null;
        this.kill(members);
      } else {
        const waits = this.launcherWaits();
        if (!waits && emptySince !== null) return [];
        emptySince ??= this.elapsed;
        if (waits) this.killGroups(members);
        if (waits && this.elapsed - emptySince > launcherPatienceMs && this.launcher) signal(this.launcher, 'SIGKILL');
      }
      if (this.elapsed >= until) return members;
      await delay(pass < 20 ? 5 : 50);
    }
  }

  /**
   * True while the launcher waits for a descendant: it adopts all of them, so that nothing is left once it has none,
   * or is gone. One without children only writes its report, and the disk may take its time for that.
   */
  private launcherWaits(): boolean {
    return this.launcher !== null && isSame(this.launcher) && readChildren(this.launcher.pid)?.length !== 0;
  }

  /**
   * At once, without a scan in between: a chain of processes, each of which forks the next and exits, and leaves its
   * group too, is somebody else by then.
   */
  private killChildren(): void {
    if (!this.launcher || !isSame(this.launcher)) return;
    for (const pid of readChildren(this.launcher.pid) ?? []) {
      const child = readStat(pid);
      if (!isAlive(child)) continue;
      this.killed.add(keyOf(child));
      send(pid, 'SIGKILL');
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
