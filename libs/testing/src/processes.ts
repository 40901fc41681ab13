import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process as /proc shows it (proc(5)). */
export interface SeenProcess {
  readonly pid: number;
  readonly command: string;
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

const folderOf = (pid: number): string => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
};

/** Not a zombie: those have ended, and only wait to be collected. */
export const isAlive = (pid: number): boolean => {
  const state = /^\d+ \(.*\) (\S)/s.exec(read(`/proc/${pid}/stat`))?.[1];
  return state !== undefined && state !== 'Z' && state !== 'X';
};

/** Every live process for which `test` holds; it is given the environment, the command line and the folder. */
export function processesWhere(
  test: (seen: { environment: string; command: string; cwd: string }) => boolean,
): SeenProcess[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).flatMap((pid) => {
    if (pid === process.pid || !isAlive(pid)) return [];
    const command = read(`/proc/${pid}/cmdline`).split('\0').join(' ').trim();
    const seen = { environment: read(`/proc/${pid}/environ`), command, cwd: folderOf(pid) };
    return test(seen) ? [{ pid, command }] : [];
  });
}

/** Live processes of a run: they carry its mark, or (with a cleared environment) another of the given texts. */
export const processesOfRun = (runId: string, ...marks: string[]): SeenProcess[] =>
  processesWhere(
    ({ environment, command }) =>
      environment.includes(`AIKORE_RUN_ID=${runId}`) || marks.some((mark) => command.includes(mark)),
  );

/** Live processes that have to do with a folder: by their environment, command line or working directory. */
export const processesOfFolder = (folder: string): SeenProcess[] =>
  processesWhere(
    ({ environment, command, cwd }) =>
      cwd === folder ||
      cwd.startsWith(`${folder}/`) ||
      command.includes(folder) ||
      environment.includes(`AIKORE_DATA_DIR=${folder}\0`) ||
      environment.includes(`${folder}/`),
  );

/** User and system time of a process so far, in milliseconds (clock ticks are 10 ms on Linux). */
export function cpuTime(pid: number): number {
  const fields = read(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10;
}

/** Resident memory of a process in MiB. */
export const residentMiB = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
