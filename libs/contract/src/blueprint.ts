import * as z from 'zod';

/** A blueprint of the catalogue. Broken ones are listed too. */
export const blueprint = z.object({
  filename: z.string(),
  source: z.enum(['stock', 'custom']),
  name: z.string(),
  category: z.string(),
  description: z.string(),
  venv_type: z.enum(['conda', 'python', 'none']),
  venv_path: z.string(),
  persistent_mode: z.boolean(),
  needs_gpu: z.boolean(),
  /** The app can be served below a path (it honours `SUBFOLDER`). */
  base_path: z.boolean(),
  /** Seconds without an answer *and* without output after which a start is called stalled. */
  start_timeout: z.number().int(),
  /** Path of the readiness probe. */
  health_path: z.string(),
  /** A custom blueprint that stands in for a stock one of the same name. */
  shadows: z.boolean(),
  /** What is wrong with it, for a person. With a broken header it is usable all the same, with the defaults. */
  problem: z.string().nullable(),
  /** False when nothing can be made from it: it is empty, or cannot be read. */
  usable: z.boolean(),
});
export type Blueprint = z.infer<typeof blueprint>;
