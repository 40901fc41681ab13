import { hostname } from 'node:os';
import { routes } from '@aikore/contract';
import { ApiClient } from '../api-client';
import type { Command, Invocation } from '../command';
import { CliError, exitCodes, usageError } from '../exit-codes';
import { revokeToken } from '../revoke-token';
import { defaultServer, loginFile, readLogin, serverOrigin, writeLogin } from '../stored-login';

export const login: Command = {
  name: 'login',
  args: [],
  summary: 'Log in to a server, and keep an API token for later commands.',
  details: [
    'Asks for name and password and makes an API token named after this machine; the password is not kept. The token',
    'of an earlier login to the same server is revoked.',
    'With --token-stdin a token that was made in the console is checked and kept.',
  ].join('\n'),
  options: {
    server: { value: 'URL', help: `address of the server (else AIKORE_SERVER, the last one, or ${defaultServer})` },
    username: { value: 'NAME', short: 'u', help: 'user name' },
    'password-stdin': { help: 'read the password from stdin instead of asking' },
    'token-stdin': { help: 'read an API token from stdin instead of logging in' },
  },
  async run(invocation) {
    const { io, flags } = invocation;
    const given = invocation.text('server') ?? io.env.AIKORE_SERVER;
    const previous = await readLogin(io.env).catch(() => null);
    const server = given ? serverOrigin(given) : (previous?.server ?? defaultServer);
    const made_here = flags['token-stdin'] !== true;
    const token = made_here ? await tokenFor(invocation, server) : (await io.readInput()).trim();
    if (!/^[\x21-\x7e]{1,500}$/.test(token)) throw usageError('This is no API token.');
    const me = await new ApiClient(server, { token }, io.interrupted).call(routes.me);
    await writeLogin(io.env, { server, token, made_here });
    // Nobody would ever use, or revoke, the one that was kept before. One that a person made may be in use elsewhere.
    if (previous?.made_here && previous.server === server && previous.token !== token) await revokeToken(previous, io);
    await invocation.print({ server, ...me }, () => `Logged in to ${server} as ${me.username} (${me.role}).\n`);
    if (io.env.AIKORE_TOKEN) io.note('AIKORE_TOKEN is set and goes before what is kept.');
    if (!invocation.json) io.note(`The token is in ${loginFile(io.env)}.`);
  },
};

/** Logs in, makes a token with the session, and ends the session. */
async function tokenFor({ io, flags }: Invocation, server: string): Promise<string> {
  const username = typeof flags.username === 'string' ? flags.username : await io.ask('User name: ');
  const password =
    flags['password-stdin'] === true ? await io.readInput() : await io.ask('Password: ', { secret: true });
  const body = { username, password };
  const { headers } = await new ApiClient(server, null, io.interrupted).exchange(routes.login, { body });
  const cookie = (headers['set-cookie'] ?? []).map((one) => one.split(';')[0]).join('; ');
  if (!cookie) throw new CliError(exitCodes.error, `${server} did not begin a session. Is it AiKore?`);
  const session = new ApiClient(server, { cookie }, io.interrupted);
  try {
    return (await session.call(routes.createToken, { body: { name: `cli@${hostname()}`.slice(0, 64) } })).token;
  } finally {
    await session.call(routes.logout).catch(() => undefined);
  }
}
