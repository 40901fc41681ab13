import * as z from 'zod';

export const instanceStatuses = [
  'stopped',
  'installing',
  'starting',
  'started',
  'stalled',
  'stopping',
  'error',
] as const;
export const instanceStatus = z.enum(instanceStatuses);
export type InstanceStatus = z.infer<typeof instanceStatus>;

export const instanceActions = ['start', 'stop', 'restart'] as const;
export const instanceAction = z.enum(instanceActions);
export type InstanceAction = z.infer<typeof instanceAction>;

/** What a client may do with an instance now: its actions, and what is no action of the lifecycle. */
export const allowedAction = z.enum([...instanceActions, 'open', 'edit', 'delete']);
export type AllowedAction = z.infer<typeof allowedAction>;

export const restartPolicy = z.enum(['never', 'on-failure', 'always']);
export type RestartPolicy = z.infer<typeof restartPolicy>;

/** Progress that a blueprint reports: phase, step k of n, and a line of text. */
export const progress = z.object({
  phase: z.enum(['install', 'launch']),
  step: z.number().int().min(0),
  steps: z.number().int().min(0),
  text: z.string(),
  /** How far the current step itself is, from 0 to 1; absent when that is not known. */
  part: z.number().min(0).max(1).optional(),
});
export type Progress = z.infer<typeof progress>;

/** How full a progress bar is, from 0 to 1; null when the blueprint did not say how many steps there are. */
export const progressFraction = ({ step, steps, part }: Progress): number | null =>
  steps > 0 ? Math.min(Math.max(step - 1, 0) + (part ?? 0), steps) / steps : null;

/** Why an instance has its status, for a person: shown by the status chip. */
export const statusReason = z.object({
  code: z.enum([
    'exited',
    'spawn_failed',
    'blueprint_unusable',
    'port_unavailable',
    'no_answer',
    'restarting',
    'gave_up',
    'survivors',
    'storage',
  ]),
  message: z.string(),
  /** The last lines of the log, when they explain it. */
  lines: z.array(z.string()).optional(),
  /**
   * It was killed, and why: `counted`, the kernel counted a kill for want of memory meanwhile; `likely`, nobody asked
   * for it and nothing can be read, and then that is what it most often is.
   */
  memory: z.enum(['counted', 'likely']).optional(),
  /** With `restarting`: when it is started again. */
  retry_at: z.string().optional(),
});
export type StatusReason = z.infer<typeof statusReason>;

const noControl = (text: string) => !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(text);
/**
 * Invisible format characters (zero width, bidi overrides) would let two names look alike. Joiners are part of some
 * scripts and of emoji: allowed between characters.
 */
const noFormat = (text: string) =>
  !/[^\P{Cf}\u200c\u200d]|^[\u200c\u200d]|[\u200c\u200d]{2}|[\u200c\u200d]$/u.test(text);
const visible = (text: string) => /[^\p{C}\p{Z}\p{M}]/u.test(text);

/** 1-64 visible characters; anything a person would call a name, in any script. */
export const instanceName = z
  .string()
  .transform((text) => text.normalize('NFC').trim())
  .refine((text) => [...text].length >= 1 && [...text].length <= 64, 'must have 1 to 64 characters')
  .refine(noControl, 'must not hold control characters or line breaks')
  .refine(noFormat, 'must not hold invisible characters')
  .refine(visible, 'must hold at least one visible character');

/** `name.sh`, as it stands in the catalogue; never a path. */
export const blueprintFilename = z
  .string()
  .max(128)
  .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]*\.sh$/, 'must be a file name such as ComfyUI.sh, without a folder');

/** Relative folder below the outputs root; each part is a plain name. */
export const outputPath = z
  .string()
  .max(255)
  .refine(noControl, 'must not hold control characters')
  .refine((text) => !text.startsWith('/') && !text.includes('\\'), 'must be relative to the outputs folder')
  .refine(noFormat, 'must not hold invisible characters')
  .refine(
    // File systems count bytes (NAME_MAX of Linux: 255).
    (text) => text.split('/').every((part) => new TextEncoder().encode(part).length <= 255),
    'must not hold a part of more than 255 bytes',
  )
  .refine(
    (text) => text === '' || text.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
    'must not hold empty, "." or ".." parts',
  );

/** Comma separated GPU indexes, such as `0,2`; empty: not pinned, the app sees every GPU. */
export const gpuIds = z
  .string()
  .max(255)
  // Spaces only around commas: "0 1" is a forgotten comma, not GPU 1.
  .transform((text) => text.trim().replace(/\s*,\s*/g, ','))
  .refine(
    (text) => text === '' || /^\d{1,3}(,\d{1,3})*$/.test(text),
    'must be indexes separated by commas, such as 0,1',
  )
  .refine((text) => new Set(text.split(',').map(Number)).size === text.split(',').length, 'must not name a GPU twice');

/** A version such as `3.12` or `2.9.1+cu130`: it reaches scripts, so nothing else passes. */
export const versionText = z
  .string()
  .max(32)
  .regex(/^(\d+(\.\d+){0,3}([A-Za-z0-9.+-]*)?)?$/, 'must be a version such as 3.12');

const isAddressOrLocal = (text: string) => /^[\d.]+$/.test(text) || /(^|\.)localhost$/.test(text);

/** A host name, without scheme, port or path (RFC 1123). */
export const hostnameText = z
  .string()
  .max(253)
  .regex(
    /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*)?$/,
    'must be a host name such as comfy.example.org',
  )
  .refine((text) => !isAddressOrLocal(text.toLowerCase()), 'must be a name of its own, no address and no localhost')
  .transform((text) => text.toLowerCase());

export const tcpPort = z.number().int().min(1).max(65535);

/** An empty text means "not set". */
const orNull = <T extends z.ZodType<string, string>>(text: T) =>
  text.transform((value): string | null => (value === '' ? null : value)).nullable();

/** What a person may set. Absent: unchanged (PATCH) or the default (POST). */
const settable = z.object({
  name: instanceName,
  base_blueprint: blueprintFilename,
  gpu_ids: orNull(gpuIds),
  /** The public pool port; null: Auto, which keeps a port that works and else takes the lowest free one. */
  port: tcpPort.nullable(),
  persistent_mode: z.boolean(),
  output_path: orNull(outputPath),
  hostname: orNull(hostnameText),
  use_custom_hostname: z.boolean(),
  autostart: z.boolean(),
  python_version: orNull(versionText),
  cuda_version: orNull(versionText),
  torch_version: orNull(versionText),
  restart_policy: restartPolicy,
});

export const createInstance = settable.partial().required({ name: true, base_blueprint: true }).strict();
export type CreateInstance = z.infer<typeof createInstance>;

/** `revision`, when given, must be the one the edit was based on: else 409 `stale_revision`. */
export const updateInstance = settable
  .partial()
  .extend({ revision: z.number().int().optional() })
  .strict()
  .refine((patch) => Object.keys(patch).some((key) => key !== 'revision'), 'must change at least one field');
export type UpdateInstance = z.infer<typeof updateInstance>;

/**
 * Settings that a running app has only after its next start; it has every other one at once. The slug follows from the
 * name: the app was told its address when it was started (`SUBFOLDER`).
 */
export const startSettings = [
  'base_blueprint',
  'gpu_ids',
  'output_path',
  'persistent_mode',
  'python_version',
  'cuda_version',
  'torch_version',
  'slug',
] as const;

/** True when a running app has one of these changed settings only after its next start. */
export const waitsForStart = (changed: readonly string[]): boolean =>
  startSettings.some((setting) => changed.includes(setting));

/** One start-to-exit of an instance. */
export const run = z.object({
  id: z.string(),
  instance_id: z.number().int(),
  started_at: z.string(),
  /** When the app first answered: the start went well. */
  ready_at: z.string().nullable(),
  ended_at: z.string().nullable(),
  exit_code: z.number().int().nullable(),
  signal: z.string().nullable(),
  /** Why it ended; `lost`: the machine restarted under it. */
  reason: z.enum(['exited', 'stopped', 'spawn_failed', 'lost']).nullable(),
  pid: z.number().int().nullable(),
  /** Bytes of log kept, and the offset of the first of them (older ones may have been dropped). */
  log_start: z.number().int(),
  log_size: z.number().int(),
});
export type Run = z.infer<typeof run>;

/** An instance as clients see it. The names of the original's columns are kept. */
export const instance = z.object({
  id: z.number().int(),
  parent_instance_id: z.number().int().nullable(),
  name: z.string(),
  base_blueprint: z.string(),
  status: instanceStatus,
  gpu_ids: z.string().nullable(),
  port: z.number().int().nullable(),
  persistent_mode: z.boolean(),
  persistent_port: z.number().int().nullable(),
  persistent_display: z.number().int().nullable(),
  output_path: z.string().nullable(),
  hostname: z.string().nullable(),
  use_custom_hostname: z.boolean(),
  autostart: z.boolean(),
  python_version: z.string().nullable(),
  cuda_version: z.string().nullable(),
  torch_version: z.string().nullable(),
  slug: z.string(),
  directory: z.string(),
  position: z.number().int(),
  restart_policy: restartPolicy,
  desired_state: z.enum(['stopped', 'started']),
  status_since: z.string(),
  status_reason: statusReason.nullable(),
  progress: progress.nullable(),
  /** The run that is going on, or the last one. */
  run: run.omit({ log_start: true, log_size: true }).nullable(),
  /** Restarts by policy since a person last started it. */
  restarts: z.number().int(),
  /** Settings were changed that the running app does not have yet. */
  needs_restart: z.boolean(),
  /**
   * Addresses beyond loopback on which its processes listen, as `0.0.0.0:8188`: there the app is reached without AiKore,
   * and without its login. Noticed within 5 seconds.
   */
  exposed: z.array(z.string()),
  /** Where clients with a token reach the app; browsers use the `open` route. */
  path: z.string(),
  allowedActions: z.array(allowedAction),
  revision: z.number().int(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type Instance = z.infer<typeof instance>;
