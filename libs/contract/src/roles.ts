import * as z from 'zod';

/** Roles in rising order of power. Whatever runs typed code needs `admin` (SECURITY: roles). */
export const roles = ['viewer', 'operator', 'admin'] as const;
export const role = z.enum(roles);
export type Role = z.infer<typeof role>;

/** Who may call: a role (or a higher one), or anybody. */
export type Access = Role | 'public';

/** True when somebody who holds `held` may do what asks for `needed`. */
export const roleAllows = (held: Role | null, needed: Access): boolean =>
  needed === 'public' || (held !== null && roles.indexOf(held) >= roles.indexOf(needed));
