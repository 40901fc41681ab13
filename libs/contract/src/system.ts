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
