import { readFile, stat } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataSource } from 'typeorm';
import { DataLayout } from '@aikore/api/kernel';
import { SessionEntity, UserEntity } from '@aikore/database';
import { type AuthServer, startAuthServer } from './testing/auth-server';

describe('logging in', () => {
  let server: AuthServer;
  let cookie: string;

  beforeEach(async () => {
    server = await startAuthServer();
    cookie = await server.setUp();
  });
  afterEach(() => server.remove());

  const login = (password: string, username = 'admin', options: object = {}) =>
    server.call('POST', '/api/auth/login', { body: { username, password }, ...options });

  it('gives a session cookie that no script reads and no other site sends', async () => {
    const answer = await login('correct horse', 'ADMIN');
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({ username: 'admin', role: 'admin', via: 'session' });
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      /^aikore_[0-9a-f]{10}=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Strict$/,
    );
    expect((await server.call('GET', '/api/auth/me', { cookie: answer.cookie })).json['via']).toBe('session');
  });

  it('keeps hashes only', async () => {
    const data = server.app.get(DataSource);
    const [session] = await data.getRepository(SessionEntity).find();
    const [user] = await data.getRepository(UserEntity).find();
    expect(cookie).not.toContain(session?.id_hash);
    expect(user?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('rotates: a new login ends the session that the browser had', async () => {
    const next = await login('correct horse', 'admin', { cookie });
    expect(next.cookie).not.toBe(cookie);
    expect((await server.call('GET', '/api/auth/me', { cookie })).code).toBe('unauthenticated');
    expect((await server.call('GET', '/api/auth/me', { cookie: next.cookie })).status).toBe(200);
  });

  it('logs out at once, and removes the cookie', async () => {
    const answer = await server.call('POST', '/api/auth/logout', { cookie });
    expect(answer.status).toBe(204);
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^aikore_\w+=; Path=\/; Max-Age=0; HttpOnly/);
    expect((await server.call('GET', '/api/auth/me', { cookie })).status).toBe(401);
    expect(await server.app.get(DataSource).getRepository(SessionEntity).count()).toBe(0);
  });

  it('answers a wrong name and a wrong password alike', async () => {
    const [name, password] = [await login('correct horse', 'nobody'), await login('wrong horse')];
    expect([name.status, name.code, name.headers['set-cookie']]).toEqual([401, 'bad_credentials', undefined]);
    const stable = ({ json }: typeof name) => ({ ...(json['error'] as object), request_id: '' });
    expect(stable(password)).toEqual(stable(name));
  });

  it('takes as long for an unknown name as for a known one', async () => {
    const time = async (name: string): Promise<number> => {
      const start = performance.now();
      await login('wrong horse', name);
      return performance.now() - start;
    };
    await time('warm-up');
    const known = Math.min(await time('admin'), await time('admin'), await time('admin'));
    const unknown = Math.min(await time('nobody'), await time('nobody'), await time('nobody'));
    expect(unknown).toBeGreaterThan(known / 3); // a skipped hash would be 10 to 50 times faster
  });

  it('slows guessing down, says for how long, and lets the right password in afterwards', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => login('wrong horse')));
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited).toHaveLength(3);
    expect(limited[0]?.code).toBe('rate_limited');
    expect(limited[0]?.headers['retry-after']).toBe('1');
    expect(limited[0]?.text).toContain('1 second');
    await expect.poll(async () => (await login('correct horse')).status, { timeout: 5000, interval: 200 }).toBe(200);
  });

  it('keeps sessions over a restart', async () => {
    await server.stop();
    server = await startAuthServer({ dataDir: server.dataDir });
    expect((await server.call('GET', '/api/auth/me', { cookie })).json['username']).toBe('admin');
  });

  it('is audited without what was typed', async () => {
    await login('wrong horse');
    await login('hunter2hunter2', 'hunter2-as-a-name');
    await login('correct horse');
    await server.call('POST', '/api/auth/logout', { cookie });
    const lines = await server.audit();
    expect(lines.map(({ action, actor, result, status }) => [action, actor, result, status])).toEqual([
      ['POST /api/setup', 'admin', 'ok', 201],
      ['POST /api/auth/login', 'admin', 'denied', 401],
      ['POST /api/auth/login', null, 'denied', 401],
      ['POST /api/auth/login', 'admin', 'ok', 200],
      ['POST /api/auth/logout', 'admin', 'ok', 204],
    ]);
    expect(lines.every((line) => line['address'] === '127.0.0.1' && typeof line['request_id'] === 'string')).toBe(true);
    const file = new DataLayout(server.dataDir).audit;
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).not.toMatch(/horse|hunter2|aikore_\w+=/);
  });

  it('refuses bad input with a reason', async () => {
    for (const body of [
      {},
      { username: 'admin' },
      { username: 1, password: [] },
      { username: 'a', password: 'b', x: 1 },
    ]) {
      const answer = await server.call('POST', '/api/auth/login', { body });
      expect([answer.status, answer.code]).toEqual([400, 'validation_failed']);
    }
  });
});
