import * as z from 'zod';
import { role } from './roles';

export const username = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, 'must have 1 to 32 letters, digits, dots, dashes or underscores');
/** Length is what counts (NIST SP 800-63B §3.1.1): 10 to 200 characters, nothing else asked. */
export const password = z.string().min(10, 'must have at least 10 characters').max(200);

export const setupRequest = z.object({ token: z.string().min(1).max(200), username, password }).strict();
export const loginRequest = z
  .object({ username: z.string().min(1).max(64), password: z.string().min(1).max(200) })
  .strict();

/** Who is asking. `via` says by what: a browser session, an API token, or nobody's (`AIKORE_AUTH=none`). */
export const me = z.object({
  username: z.string(),
  role,
  via: z.enum(['session', 'token', 'none']),
});
export type Me = z.infer<typeof me>;

export const tokenName = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^\P{C}*$/u, 'must not hold control characters or line breaks');
export const createToken = z
  .object({ name: tokenName, expires_in_days: z.number().int().min(1).max(3650).optional() })
  .strict();
export const apiToken = z.object({
  id: z.string(),
  name: z.string(),
  created_at: z.string(),
  expires_at: z.string().nullable(),
  last_used_at: z.string().nullable(),
});
export type ApiToken = z.infer<typeof apiToken>;
/** `token` is shown this once; only its hash is kept. */
export const createdToken = apiToken.extend({ token: z.string() });
