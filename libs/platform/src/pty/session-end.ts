import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, type ProcStat, readAllStats, readStat } from '../process/procfs';

/** How long to look again for what a dying session still starts, in milliseconds. */
const killLimitMs = 5000;

/** The processes of a session, and the descendants of each, wherever they went. */
export const sessionMembers = (leader: number): ProcStat[] => {
  const stats = readAllStats();
  const found = new Set([...stats.values()].filter(({ session }) => session === leader).map(({ pid }) => pid));
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const { pid, parent } of stats.values()) if (found.has(parent)) found.add(pid);
  }
  // Never this server, even if somebody attached a debugger from a terminal.
  return [...found].flatMap((pid) => stats.get(pid) ?? []).filter(({ pid }) => pid !== process.pid && pid !== 1);
};

/**
 * End every process of a session. A hang-up first, as when a terminal's window is closed: shells pass it on, editors
 * save what they can. What ignores it (`nohup`) is killed.
 *
 * @param leader the session, which is the pid of the shell that the caller started
 */
export async function endSession(leader: number, graceMs: number): Promise<void> {
  const known = new Map<number, ProcStat>();
  const look = (): ProcStat[] => {
    for (const stat of sessionMembers(leader)) known.set(stat.pid, stat);
    for (const [pid, stat] of known) if (!isSame(stat)) known.delete(pid);
    return [...known.values()];
  };
  for (const stat of look()) {
    signal(stat, 'SIGHUP');
    signal(stat, 'SIGCONT'); // a stopped job hears nothing
  }
  await until(() => look().length === 0, graceMs);
  await until(() => {
    const left = look();
    for (const stat of left) signal(stat, 'SIGKILL');
    return left.length === 0;
  }, killLimitMs);
}

/** Polls, soon at first: most sessions are gone within milliseconds. */
async function until(isDone: () => boolean, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs;
  for (let wait = 2; !isDone() && performance.now() < deadline; wait = Math.min(2 * wait, 50)) await delay(wait);
}

/** True while exactly this process lives. */
const isSame = ({ pid, startTime }: ProcStat): boolean => {
  const stat = readStat(pid);
  return isAlive(stat) && stat.startTime === startTime;
};

function signal(stat: ProcStat, name: NodeJS.Signals): void {
  if (!isSame(stat)) return;
  try {
    process.kill(stat.pid, name);
  } catch {
    // It left by itself, or belongs to another user.
  }
}
