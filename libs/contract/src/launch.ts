import * as z from 'zod';

/** What a run was started with, as far as it can explain why one start works and the next does not. Kept per run. */
export const launchSnapshot = z.object({
  blueprint: z.string(),
  /** Names the bytes of launch.sh: the first 16 digits of their SHA-256. */
  script: z.string(),
  /** Settings that reach the app, by the name of the column; what is not set is left out. */
  settings: z.record(z.string(), z.string()),
  /** Versions that the script was given, by the name of the variable. */
  versions: z.record(z.string(), z.string()),
  /** How often the kernel had killed a process for want of memory before; absent when that cannot be read. */
  memory_kills: z.number().int().optional(),
});
export type LaunchSnapshot = z.infer<typeof launchSnapshot>;

/** One difference between two starts. */
export const launchChange = z.object({
  what: z.enum(['blueprint', 'script', 'setting', 'version']),
  /** Of a setting or a version; else empty. */
  name: z.string(),
  /** null: it was not set. */
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export type LaunchChange = z.infer<typeof launchChange>;

/** What the last run of an instance was started with that the last good start before it was not. */
export const launchChanges = z.object({
  /** The run that is explained; null: it never ran, or only before its start was written down. */
  run: z.string().nullable(),
  /** The last run before it whose app came up; null: there is none. */
  good: z.object({ id: z.string(), started_at: z.string() }).nullable(),
  changes: z.array(launchChange),
});
export type LaunchChanges = z.infer<typeof launchChanges>;

/** Versions to propose for an environment, newest first. */
export const versionChoices = z.object({
  python: z.array(z.string()),
  cuda: z.array(z.string()),
  torch: z.array(z.string()),
});
export type VersionChoices = z.infer<typeof versionChoices>;
