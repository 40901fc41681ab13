import { Logger } from '@nestjs/common';
import { DataSource, Repository } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DomainEvents } from '@aikore/api/kernel';
import { ApiTokenEntity, SessionEntity } from '@aikore/database';
import { FakeClock } from '@aikore/platform/testing';
import { type AuthServer, startAuthServer } from '../testing/auth-server';

const hour = 3_600_000;

describe('a credential that ended while the database could not be written', () => {
  let server: AuthServer;
  let clock: FakeClock;
  let cookie: string;
  let ended: string[];

  beforeEach(async () => {
    Logger.overrideLogger(false);
    clock = new FakeClock();
    server = await startAuthServer({ clock });
    cookie = await server.setUp();
    ended = [];
    server.app.get(DomainEvents).on('credential.ended', ({ credential }) => ended.push(credential));
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await server.remove();
  });

  const failDeletes = (times = Infinity) => {
    const remove = Repository.prototype.delete;
    let left = times;
    return vi.spyOn(Repository.prototype, 'delete').mockImplementation(function (this: Repository<object>, ...own) {
      if (left-- > 0) return Promise.reject(new Error('SQLITE_FULL'));
      return remove.apply(this, own);
    });
  };
  const me = async (options: object) => (await server.call('GET', '/api/auth/me', options)).status;
  const login = async () =>
    (await server.call('POST', '/api/auth/login', { body: { username: 'admin', password: 'correct horse' } })).cookie;
  const count = (entity: typeof SessionEntity | typeof ApiTokenEntity) =>
    server.app.get(DataSource).getRepository(entity).count();

  it('a token: refused at once, said once, and revoked for good when it is asked for again', async () => {
    const { json } = await server.call('POST', '/api/tokens', { cookie, body: { name: 'ci' } });
    const headers = { Authorization: `Bearer ${String(json['token'])}` };
    const remove = () => server.call('DELETE', `/api/tokens/${String(json['id'])}`, { cookie });
    const broken = failDeletes();
    expect((await remove()).status).toBe(500);
    expect(await me({ headers })).toBe(401);
    expect(ended).toEqual([`token:${String(json['id'])}`]);
    expect((await server.call('GET', '/api/tokens', { cookie })).text).toContain(String(json['id']));
    expect((await remove()).status).toBe(500);
    broken.mockRestore();
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
    expect([ended.length, await count(ApiTokenEntity)]).toEqual([1, 0]);
  });

  it('a token: its row is deleted by the sweep, so that no restart brings it back', async () => {
    const { json } = await server.call('POST', '/api/tokens', { cookie, body: { name: 'ci' } });
    failDeletes(2);
    await server.call('DELETE', `/api/tokens/${String(json['id'])}`, { cookie });
    await clock.advance(60_000); // fails once more
    expect(await count(ApiTokenEntity)).toBe(1);
    await clock.advance(60_000);
    await expect.poll(() => count(ApiTokenEntity)).toBe(0);
    await server.stop();
    server = await startAuthServer({ clock: new FakeClock(clock.now()), dataDir: server.dataDir });
    expect(await me({ headers: { Authorization: `Bearer ${String(json['token'])}` } })).toBe(401);
  });

  it('a session: refused at once, and its row is deleted by the sweep', async () => {
    const other = await login();
    failDeletes(1);
    expect((await server.call('POST', '/api/auth/logout', { cookie: other })).status).toBe(500);
    expect([await me({ cookie: other }), await me({ cookie }), ended.length]).toEqual([401, 200, 1]);
    expect(await count(SessionEntity)).toBe(2);
    await clock.advance(60_000);
    await expect.poll(() => count(SessionEntity)).toBe(1);
    expect(ended).toHaveLength(1);
  });

  it('the sweep goes on after a row that cannot be deleted', async () => {
    await login();
    await login();
    failDeletes(1);
    await clock.advance(12 * hour);
    await expect.poll(() => ended).toHaveLength(3);
    await expect.poll(() => count(SessionEntity)).toBeLessThanOrEqual(1);
    await clock.advance(60_000);
    await expect.poll(() => count(SessionEntity)).toBe(0);
  });
});
