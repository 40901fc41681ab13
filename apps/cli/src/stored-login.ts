import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { CliError, exitCodes, usageError } from './exit-codes';

type Env = Readonly<Record<string, string | undefined>>;

export const defaultServer = 'http://localhost:9000';
const stored = z.object({
  server: z.string(),
  token: z.string(),
  /** `aikore login` made the token itself, so nobody else uses it. */
  made_here: z.boolean().optional(),
});
export type StoredLogin = z.infer<typeof stored>;

/** Where the login is kept (XDG Base Directory Specification: relative values are to be ignored). */
export function loginFile(env: Env): string {
  const base = env.XDG_CONFIG_HOME?.startsWith('/') ? env.XDG_CONFIG_HOME : join(env.HOME ?? homedir(), '.config');
  return join(base, 'aikore', 'cli.json');
}

export async function readLogin(env: Env): Promise<StoredLogin | null> {
  try {
    return stored.parse(JSON.parse(await readFile(loginFile(env), 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new CliError(exitCodes.error, `${loginFile(env)} cannot be read. Run \`aikore login\` to write it anew.`);
  }
}

/** Only its owner may read it; whole or not at all. */
export async function writeLogin(env: Env, login: StoredLogin): Promise<void> {
  const file = loginFile(env);
  const temporary = `${file}.${process.pid}`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(temporary, `${JSON.stringify(login, null, 2)}\n`, { mode: 0o600 });
  await rename(temporary, file);
}

export async function forgetLogin(env: Env): Promise<void> {
  await rm(loginFile(env), { force: true });
}

/** `host:port` or a URL → its origin. @throws CliError (usage) */
export function serverOrigin(text: string): string {
  const url = parseUrl(withScheme(text));
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url.origin;
  throw usageError(`"${text}" is no server address. Write one such as ${defaultServer}.`);
}

/**
 * Server and token of a command. The environment comes first; a stored token is never sent to another server than
 * the one it is for.
 *
 * @throws CliError not allowed, when there is no token
 */
export async function requireLogin(env: Env): Promise<StoredLogin> {
  const override = env.AIKORE_SERVER ? serverOrigin(env.AIKORE_SERVER) : null;
  if (env.AIKORE_TOKEN) {
    const server = override ?? (await readLogin(env))?.server ?? defaultServer;
    return { server, token: env.AIKORE_TOKEN };
  }
  const login = await readLogin(env);
  if (login && (override === null || override === login.server)) return login;
  const server = override ?? defaultServer;
  throw new CliError(exitCodes.notAllowed, `Not logged in to ${server}. Run \`aikore login --server ${server}\`.`);
}

const withScheme = (text: string): string => (/^[a-z]+:\/\//i.test(text) ? text : `http://${text}`);

function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
