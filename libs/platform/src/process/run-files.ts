import { constants } from 'node:os';
import { join } from 'node:path';
import { readFileSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import type { RunExit, RunIdentity, RunRef } from './run-launcher';

type Where = Pick<RunRef, 'runId' | 'runDir'>;

const started = z.object({
  run_id: z.string(),
  boot_id: z.string(),
  pid: z.int().positive(),
  start_time: z.int().nonnegative(),
  cgroup: z.string(),
});
const refused = z.object({ error: z.string(), errno: z.int() });
const ended = z.object({ code: z.int().nullable(), signal: z.int().nullable(), ended_at: z.number() });

/** What the launcher said about the start: it runs, or why not. */
export type StartNote = { identity: RunIdentity; cgroup: string | null } | { error: string; errno: number };

export const startFile = ({ runId, runDir }: Where): string => join(runDir, `${runId}.start.json`);
export const exitFile = ({ runId, runDir }: Where): string => join(runDir, `${runId}.exit.json`);

/** The instance may write here as well, so nothing is believed that does not have the right shape. */
const readJson = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
};

/** The start file, or null when it is missing or damaged. */
export const readStart = (run: Where): StartNote | null => {
  const json = readJson(startFile(run));
  const note = started.safeParse(json);
  if (!note.success) return refused.safeParse(json).data ?? null;
  const { run_id: runId, boot_id: bootId, pid, start_time: startTime, cgroup } = note.data;
  return runId === run.runId ? { identity: { runId, bootId, pid, startTime }, cgroup: cgroup || null } : null;
};

const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [number as number, name]));

/** How the command ended, or null while it has not (or the file is damaged). */
export const readExit = (run: Where): RunExit | null => {
  const note = ended.safeParse(readJson(exitFile(run)));
  if (!note.success) return null;
  const { code, signal, ended_at: seconds } = note.data;
  const signalName = signal === null ? null : (signalNames.get(signal) ?? `SIG${signal}`);
  return { code, signal: signalName, endedAt: writtenAt(exitFile(run), seconds * 1000), lost: null };
};

/** Perl's clock counts whole seconds; the file's own time is finer, and used when the two agree. */
const writtenAt = (path: string, noted: number): Date => {
  const mtime = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? noted;
  return new Date(Math.abs(mtime - noted) < 2000 ? mtime : noted);
};

/** Nobody recorded how this run ended. */
export const lostExit = (lost: 'killed' | 'reboot' = 'killed'): RunExit => ({
  code: null,
  signal: null,
  endedAt: new Date(),
  lost,
});

/** Deletes everything a run left in its run folder. */
export const removeRunFiles = async (run: Where): Promise<void> => {
  for (const path of [startFile(run), exitFile(run)]) {
    await rm(path, { force: true });
    await rm(`${path}.tmp`, { force: true });
  }
};
