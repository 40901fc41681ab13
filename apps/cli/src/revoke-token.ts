import { type ErrorCode, routes } from '@aikore/contract';
import { ApiClient } from './api-client';
import { CliError } from './exit-codes';
import type { Io } from './io';
import type { StoredLogin } from './stored-login';

/** How the server says that it does not know the token (any more). */
const gone: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['not_found', 'unauthenticated']);

/** Revokes an API token, by itself. What cannot be done is noted, and is no failure: the token is not kept any more. */
export async function revokeToken({ server, token }: StoredLogin, { interrupted, note }: Io): Promise<void> {
  // `aik_<id>_<secret>`: the id is what names it to the server.
  const id = token.split('_')[1] ?? '';
  try {
    await new ApiClient(server, { token }, interrupted).call(routes.deleteToken, { params: { id } });
  } catch (error) {
    if (error instanceof CliError && error.code !== null && gone.has(error.code)) return;
    note(`The token was forgotten, but not revoked: ${error instanceof Error ? error.message : String(error)}`);
  }
}
