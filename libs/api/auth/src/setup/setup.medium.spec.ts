import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DataSource } from 'typeorm';
import { ConfigError, DataLayout } from '@aikore/api/kernel';
import { SettingEntity, UserEntity } from '@aikore/database';
import { type AuthServer, startAuthServer } from '../testing/auth-server';
import { SetupToken } from './setup-token';

describe('the first run', () => {
  let server: AuthServer | undefined;
  afterEach(async () => {
    await server?.remove();
    server = undefined;
  });

  const tokenHashes = (of: AuthServer) =>
    of.app.get(DataSource).getRepository(SettingEntity).findBy({ key: 'setup_token_hash' });

  it('prints a URL under which the server answers', async () => {
    server = await startAuthServer({ env: { AIKORE_HOST: '192.168.1.5' } });
    expect(await server.app.get(SetupToken).announce(9000)).toMatch(/^http:\/\/192\.168\.1\.5:9000\/setup#token=/);
  });

  it('prints a URL once and keeps it in a private file, until there is an admin', async () => {
    server = await startAuthServer();
    const url = await server.app.get(SetupToken).announce(server.port);
    expect(url).toMatch(new RegExp(`^http://localhost:${server.port}/setup#token=[\\w-]{43}$`));
    const file = new DataLayout(server.dataDir).setupUrl;
    expect(await readFile(file, 'utf8')).toBe(`${url}\n`);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const [row] = await tokenHashes(server);
    expect(url).not.toContain(row?.value);

    await server.setUp();
    expect(await server.app.get(SetupToken).announce(server.port)).toBeNull();
    await expect(stat(file)).rejects.toThrow('ENOENT');
    expect(await tokenHashes(server)).toEqual([]);
  });

  it('answers nothing but the set-up before', async () => {
    server = await startAuthServer();
    expect((await server.call('GET', '/api/health')).status).toBe(200);
    expect((await server.call('GET', '/api/auth/me')).code).toBe('setup_required');
    const login = await server.call('POST', '/api/auth/login', { body: { username: 'a', password: 'b' } });
    expect([login.status, login.code]).toEqual([401, 'setup_required']);
    const page = await server.call('GET', '/api/x', { headers: { Accept: 'text/html,*/*' } });
    expect([page.status, page.headers.location]).toEqual([302, '/setup']);
  });

  it('refuses a wrong token, a used one, and bad names and passwords', async () => {
    server = await startAuthServer();
    const token = await server.setupToken();
    const setUp = (body: object) => server?.call('POST', '/api/setup', { body });
    const good = { token, username: 'admin', password: 'correct horse' };
    expect((await setUp({ ...good, token: 'wrong' }))?.code).toBe('setup_token_invalid');
    for (const bad of [{ username: '' }, { username: 'a b' }, { password: 'short' }, { password: 'x'.repeat(201) }]) {
      expect((await setUp({ ...good, ...bad }))?.code).toBe('validation_failed');
    }
    expect(await server.app.get(DataSource).getRepository(UserEntity).count()).toBe(0);
    expect((await setUp(good))?.status).toBe(201);
    expect((await setUp(good))?.code).toBe('setup_done');
  });

  it('lets one of many parallel set-ups win', async () => {
    const running = (server = await startAuthServer());
    const token = await running.setupToken();
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        running.call('POST', '/api/setup', { body: { token, username: `admin${index}`, password: 'correct horse' } }),
      ),
    );
    expect(answers.map((answer) => answer.code ?? 'won').sort()).toEqual([...Array(5).fill('setup_done'), 'won']);
    expect(await running.app.get(DataSource).getRepository(UserEntity).count()).toBe(1);
  });

  it('has a new token at each boot', async () => {
    server = await startAuthServer();
    const old = await server.setupToken();
    await server.stop();
    server = await startAuthServer({ dataDir: server.dataDir });
    const body = { token: old, username: 'admin', password: 'correct horse' };
    expect((await server.call('POST', '/api/setup', { body })).code).toBe('setup_token_invalid');
    await server.setUp();
  });
});

describe('AIKORE_ADMIN_PASSWORD_FILE', () => {
  const cleanUps: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });

  const boot = async (content: string | null, more: Record<string, string> = {}) => {
    const folder = await mkdtemp(join(tmpdir(), 'aikore-password-'));
    cleanUps.push(() => rm(folder, { recursive: true }));
    const file = join(folder, 'password');
    if (content !== null) await writeFile(file, content);
    const server = await startAuthServer({
      dataDir: folder,
      env: { AIKORE_ADMIN_PASSWORD_FILE: file, ...more },
    });
    cleanUps.push(() => server.stop());
    return server;
  };

  it('makes the admin at boot, without its newline', async () => {
    const server = await boot('correct horse\n', { AIKORE_ADMIN_USERNAME: 'root' });
    expect(await server.setupToken()).toBe('');
    const body = { username: 'root', password: 'correct horse' };
    expect((await server.call('POST', '/api/auth/login', { body })).status).toBe(200);
  });

  it.each([
    ['a missing file', null, {}, /AIKORE_ADMIN_PASSWORD_FILE names .* does not exist/],
    ['a short password', 'short\n', {}, /must have at least 10 characters/],
    ['a bad name', 'correct horse', { AIKORE_ADMIN_USERNAME: 'a b' }, /AIKORE_ADMIN_USERNAME must have/],
  ])('refuses to start with %s', async (_, content, env, message) => {
    const failed = await boot(content, env as Record<string, string>).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(ConfigError);
    expect((failed as Error).message).toMatch(message);
    expect((failed as Error).message).not.toContain('short');
  });
});

describe('AIKORE_AUTH=none', () => {
  it('knows everybody as anyone, and keeps the other checks', async () => {
    const server = await startAuthServer({ env: { AIKORE_AUTH: 'none' } });
    try {
      const me = await server.call('GET', '/api/auth/me');
      expect(me.json).toEqual({ username: 'anyone', role: 'admin', via: 'none' });
      const foreign = await server.call('GET', '/api/auth/me', { headers: { Origin: 'http://evil.example' } });
      expect(foreign.code).toBe('origin_not_allowed');
      expect((await server.call('GET', '/api/auth/me', { headers: { Host: 'evil.example' } })).status).toBe(421);
      const body = { name: 'x' };
      expect((await server.call('POST', '/api/tokens', { body })).code).toBe('csrf_header_missing');
      const headers = { 'X-AiKore': '1' };
      const setup = { token: 'x', username: 'admin', password: 'correct horse' };
      const answer = await server.call('POST', '/api/setup', { body: setup, headers });
      expect([answer.code, answer.text]).toEqual(['wrong_state', expect.stringContaining('AIKORE_AUTH=none')]);
      expect((await server.call('POST', '/api/tokens', { body, headers })).code).toBe('wrong_state');
      expect((await server.call('POST', '/api/auth/logout', { headers })).status).toBe(204);
    } finally {
      await server.remove();
    }
  });
});
