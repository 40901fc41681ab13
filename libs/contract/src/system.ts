import * as z from 'zod';

export const health = z.object({ status: z.literal('ok'), version: z.string() });

/** A public port of the pool. `foreign`: some other program listens there; `holder` names it where that can be seen. */
export const poolPort = z.object({
  port: z.number().int(),
  state: z.enum(['free', 'leased', 'foreign']),
  instance_id: z.number().int().nullable(),
  holder: z.string().nullable(),
});
export type PoolPort = z.infer<typeof poolPort>;
export const portPool = z.object({
  range: z.object({ from: z.number().int(), to: z.number().int() }),
  ports: z.array(poolPort),
});

/** A value of an older AiKore's database that could not be taken over as it stood. Null: there is no value. */
export const adoptionNote = z.object({
  id: z.number().int(),
  /** Null: it is about the database itself. */
  instance_id: z.number().int().nullable(),
  /** As the instance is called now; null when there is none any more. */
  instance_name: z.string().nullable(),
  field: z.string(),
  old_value: z.string().nullable(),
  new_value: z.string().nullable(),
  /** Why, as a sentence. */
  reason: z.string(),
  created_at: z.string(),
});
export type AdoptionNote = z.infer<typeof adoptionNote>;
