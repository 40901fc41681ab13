import { CgroupTree } from './cgroup-tree';
import { isAlive, readAllStats, readArguments, readChildren, readStat, readStatus } from './procfs';
import type { ProcStat } from './procfs';
import type { ProcessInfo, RunIdentity } from './run-launcher';
import type { RunMark } from './run-mark';

const environChunk = 16;

/** True while exactly this process lives. */
export const isSame = (process: { pid: number; startTime: number }): boolean => {
  const stat = readStat(process.pid);
  return isAlive(stat) && stat.startTime === process.startTime;
};

/** One entry per process for ever: a pid alone may come back as another. */
export const keyOf = (stat: ProcStat): string => `${stat.pid}:${stat.startTime}`;

/**
 * The processes of one run, found anew by every `scan`. Four ways, because each is blind to something: the cgroup leaf
 * (not always to be had), children and children's children of the launcher (it adopts orphans, but may have been
 * killed), the launcher's session (left by setsid), the environment mark (cleared by `env -i`). What was found
 * once stays known for as long as it lives.
 */
export class RunTree {
  private readonly known = new Map<string, ProcStat>();
  private readonly unmarked = new Set<string>();
  private wholeGroups: number[] = [];

  /**
   * @param launcher the launcher when it was seen in this boot, dead or alive
   * @param leaf the run's cgroup, if any
   */
  constructor(
    private readonly mark: RunMark,
    private readonly launcher: RunIdentity | null,
    private readonly leaf: string | null,
  ) {}

  /** Every live process of the run except the launcher; this server is never one of them. */
  async scan(): Promise<ProcStat[]> {
    const stats = readAllStats();
    const found = this.rooted(stats);
    for (const stat of await this.marked(stats, found)) found.add(stat.pid);
    this.addDescendants(stats, found);
    const members = [...found].flatMap((pid) => stats.get(pid) ?? []).filter((stat) => this.mayBelong(stat));
    for (const stat of members) this.known.set(keyOf(stat), stat);
    this.wholeGroups = groupsWithin(members, stats);
    return members;
  }

  /** The process groups that, at the last scan, held members only. */
  get groups(): readonly number[] {
    return this.wholeGroups;
  }

  /** True when some process seen so far still lives: cheaper than a scan. */
  anyKnownAlive(): boolean {
    for (const [key, stat] of this.known) if (!isSame(stat)) this.known.delete(key);
    return this.known.size > 0;
  }

  private rooted(stats: Map<number, ProcStat>): Set<number> {
    const found = new Set(this.direct());
    // They may be younger than the list: a process that lives for 2 ms is seldom in both.
    for (const pid of found) {
      const stat = stats.get(pid) ?? readStat(pid);
      if (isAlive(stat)) stats.set(pid, stat);
    }
    for (const stat of this.known.values()) {
      if (stats.get(stat.pid)?.startTime === stat.startTime) found.add(stat.pid);
    }
    const { launcher } = this;
    if (launcher && stats.get(launcher.pid)?.startTime === launcher.startTime) {
      found.add(launcher.pid);
      for (const stat of stats.values()) if (stat.session === launcher.pid) found.add(stat.pid);
    }
    this.addDescendants(stats, found);
    return found;
  }

  /** The pids that the system lists as the run's own at this moment. */
  private direct(): number[] {
    const { launcher, leaf } = this;
    const children = launcher && isSame(launcher) ? readChildren(launcher.pid) : null;
    return [...(leaf ? CgroupTree.pids(leaf) : []), ...(children ?? [])];
  }

  private addDescendants(stats: Map<number, ProcStat>, found: Set<number>): void {
    for (let before = -1; before !== found.size;) {
      before = found.size;
      for (const stat of stats.values()) if (found.has(stat.parent)) found.add(stat.pid);
    }
  }

  /** Reads environments only where needed: not of what is found already, nor of what is older than the run. */
  private async marked(stats: Map<number, ProcStat>, found: Set<number>): Promise<ProcStat[]> {
    const marked: ProcStat[] = [];
    const unknown = [...stats.values()].filter(
      (stat) => !found.has(stat.pid) && this.mayBelong(stat) && !this.unmarked.has(keyOf(stat)),
    );
    for (let at = 0; at < unknown.length; at += environChunk) {
      await Promise.all(
        unknown.slice(at, at + environChunk).map(async (stat) => {
          if ((await this.mark.isOn(stat.pid)) && isSame(stat)) marked.push(stat);
          else this.unmarked.add(keyOf(stat));
        }),
      );
    }
    return marked;
  }

  private mayBelong(stat: ProcStat): boolean {
    if (stat.pid === process.pid || stat.pid === 1) return false;
    const { pid, startTime } = this.launcher ?? { pid: 0, startTime: 0 };
    return stat.startTime >= startTime && !(stat.pid === pid && stat.startTime === startTime);
  }
}

/** The groups of `members` without a single stranger: not the launcher's, not the server's. */
const groupsWithin = (members: ProcStat[], stats: Map<number, ProcStat>): number[] => {
  const pids = new Set(members.map(({ pid }) => pid));
  const mixed = new Set([...stats.values()].filter(({ pid }) => !pids.has(pid)).map(({ group }) => group));
  return [...new Set(members.map(({ group }) => group))].filter((group) => group > 1 && !mixed.has(group));
};

/** What a person wants to know about a process. */
export const describeProcess = async ({ pid, startTime }: ProcStat): Promise<ProcessInfo> => {
  const [args, { name, rssBytes }] = await Promise.all([readArguments(pid), readStatus(pid)]);
  return { pid, startTime, command: (args.join(' ') || name).slice(0, 200), rssBytes };
};

/** Finds the launcher of a run by the mark in its environment and its arguments, when no note of it was left. */
export const findLauncher = async (mark: RunMark, exitPath: string, bootId: string): Promise<RunIdentity | null> => {
  for (const stat of readAllStats().values()) {
    if (stat.session !== stat.pid) continue;
    if (!(await mark.isOn(stat.pid))) continue;
    if ((await readArguments(stat.pid)).includes(exitPath) && isSame(stat)) {
      return { runId: mark.runId, bootId, pid: stat.pid, startTime: stat.startTime };
    }
  }
  return null;
};
