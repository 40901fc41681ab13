import { readFileSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** The fields of /proc/<pid>/stat that we use. */
export interface ProcStat {
  pid: number;
  state: string;
  parent: number;
  group: number;
  session: number;
  startTime: number;
}

/** Reads one line of /proc/<pid>/stat. The name in parentheses may hold anything, so fields count from its last `)`. */
export const parseStat = (text: string): ProcStat | null => {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [parent, group, session, startTime] = [fields[1], fields[2], fields[3], fields[19]].map(Number);
  const stat = { pid: Number.parseInt(text, 10), parent, group, session, startTime };
  if (Object.values(stat).some((value) => value === undefined || Number.isNaN(value))) return null;
  return { ...(stat as ProcStat), state: fields[0] ?? '?' };
};

/** A process, or null when there is none. Synchronous: it is the last look before a kill. */
export const readStat = (pid: number): ProcStat | null => {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return null;
  }
};

/**
 * The pids of the children of a process at this moment, zombies included; null when the kernel does not tell
 * (CONFIG_PROC_CHILDREN). Only for a process with a single thread.
 */
export const readChildren = (pid: number): number[] | null => {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number);
  } catch {
    return null;
  }
};

/** A zombie holds a pid and nothing else: it has ended. */
export const isAlive = (stat: ProcStat | null): stat is ProcStat => !!stat && stat.state !== 'Z' && stat.state !== 'X';

/** Every live process. ~10 µs each; synchronous because a slow scan lets a forking tree slip through. */
export const readAllStats = (): Map<number, ProcStat> => {
  const stats = new Map<number, ProcStat>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readStat(Number(name));
    if (isAlive(stat)) stats.set(stat.pid, stat);
  }
  return stats;
};

// The memory of a hung process can take long to read, so these two do not block the event loop.
const readNulList = async (pid: number, file: 'environ' | 'cmdline'): Promise<string[]> => {
  try {
    return (await readFile(`/proc/${pid}/${file}`, 'utf8')).split('\0').filter((part) => part !== '');
  } catch {
    return [];
  }
};

/** The environment a process was started with, as `NAME=value`; empty when it may not be read. */
export const readEnvironment = (pid: number): Promise<string[]> => readNulList(pid, 'environ');

/** The arguments of a process; empty for kernel threads and for what may not be read. */
export const readArguments = (pid: number): Promise<string[]> => readNulList(pid, 'cmdline');

/** Name and resident memory of a process, from /proc/<pid>/status. */
export const readStatus = async (pid: number): Promise<{ name: string; rssBytes: number }> => {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const name = /^Name:\s+(.*)$/m.exec(text)?.[1] ?? '?';
  return { name, rssBytes: Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024 };
};

/** Differs after every boot of the machine. */
export const readBootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
