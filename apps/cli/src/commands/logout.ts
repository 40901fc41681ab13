import type { Command } from '../command';
import { revokeToken } from '../revoke-token';
import { forgetLogin, readLogin } from '../stored-login';

export const logout: Command = {
  name: 'logout',
  args: [],
  summary: 'Revoke the kept API token, and forget it.',
  options: {},
  async run(invocation) {
    const { env } = invocation.io;
    const login = await readLogin(env).catch(() => null);
    await forgetLogin(env);
    if (!login) return invocation.print({ server: null }, () => 'Not logged in.\n');
    await revokeToken(login, invocation.io);
    await invocation.print({ server: login.server }, () => `Logged out of ${login.server}.\n`);
  },
};
