import { routes } from '@aikore/contract';
import { ApiClient } from '../api-client';
import type { Command } from '../command';
import { forgetLogin, readLogin } from '../stored-login';

export const logout: Command = {
  name: 'logout',
  args: [],
  summary: 'Revoke the kept API token, and forget it.',
  options: {},
  async run(invocation) {
    const { env, interrupted, note } = invocation.io;
    const login = await readLogin(env).catch(() => null);
    await forgetLogin(env);
    if (!login) return invocation.print({ server: null }, () => 'Not logged in.\n');
    const { server, token } = login;
    // `aik_<id>_<secret>`: the id is what names it to the server.
    const id = token.split('_')[1] ?? '';
    try {
      await new ApiClient(server, { token }, interrupted).call(routes.deleteToken, { params: { id } });
    } catch (error) {
      note(`The token was forgotten, but not revoked: ${error instanceof Error ? error.message : String(error)}`);
    }
    await invocation.print({ server }, () => `Logged out of ${server}.\n`);
  },
};
