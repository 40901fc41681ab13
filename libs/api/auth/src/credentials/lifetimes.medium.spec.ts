import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataSource } from 'typeorm';
import { DomainEvents } from '@aikore/api/kernel';
import { ApiTokenEntity, SessionEntity } from '@aikore/database';
import { FakeClock } from '@aikore/platform/testing';
import { type AuthServer, startAuthServer } from '../testing/auth-server';

const hour = 3_600_000;

describe('lifetimes', () => {
  let server: AuthServer;
  let clock: FakeClock;
  let cookie: string;
  let ended: string[];

  beforeEach(async () => {
    clock = new FakeClock();
    server = await startAuthServer({ clock });
    cookie = await server.setUp();
    ended = [];
    server.app.get(DomainEvents).on('credential.ended', ({ credential }) => ended.push(credential));
  });
  afterEach(async () => {
    await server.remove();
    expect(clock.pending).toBe(0);
  });

  const me = async (headers: Record<string, string> = {}, own = cookie) =>
    (await server.call('GET', '/api/auth/me', { cookie: own, headers })).status;
  const sessions = () => server.app.get(DataSource).getRepository(SessionEntity);

  it('ends a session after 12 hours without use', async () => {
    for (let round = 0; round < 3; round += 1) {
      await clock.advance(11.9 * hour);
      expect(await me()).toBe(200);
    }
    await clock.advance(12 * hour);
    expect(await me()).toBe(401);
    expect(ended).toHaveLength(1);
    await expect.poll(() => sessions().count()).toBe(0);
  });

  it('ends a session 30 days after the login, used or not', async () => {
    for (let spent = 0; spent < 30 * 24 - 10; spent += 10) {
      await clock.advance(10 * hour);
      expect(await me()).toBe(200);
    }
    await clock.advance(10 * hour);
    expect(await me()).toBe(401);
    expect(ended).toHaveLength(1);
  });

  it('writes the last use at most once a minute, and forgets what expired while the server was off', async () => {
    const seen = async () => (await sessions().find())[0]?.last_seen_at;
    const first = await seen();
    await clock.advance(59_000);
    await me();
    expect(await seen()).toBe(first);
    await clock.advance(2000);
    await me();
    await expect.poll(seen).toBe('2026-01-01T00:01:01.000Z');

    await server.stop();
    clock = new FakeClock(new Date('2026-01-01T12:01:02Z'));
    server = await startAuthServer({ clock, dataDir: server.dataDir });
    expect(await me()).toBe(401);
    expect(await sessions().count()).toBe(0);
  });

  it('expires tokens, and says so once', async () => {
    const { json } = await server.call('POST', '/api/tokens', { cookie, body: { name: 'ci', expires_in_days: 1 } });
    const Authorization = `Bearer ${String(json['token'])}`;
    expect(json).toMatchObject({ name: 'ci', expires_at: '2026-01-02T00:00:00.000Z', last_used_at: null });
    expect(await me({ Authorization }, '')).toBe(200);
    const rows = server.app.get(DataSource).getRepository(ApiTokenEntity);
    await expect.poll(async () => (await rows.find())[0]?.last_used_at).toBe('2026-01-01T00:00:00.000Z');
    await clock.advance(24 * hour);
    expect(await me({ Authorization }, '')).toBe(401);
    await clock.advance(hour);
    expect(ended.filter((credential) => credential === `token:${String(json['id'])}`)).toHaveLength(1);
  });

  it('lists tokens without their secrets and deletes them', async () => {
    const { json } = await server.call('POST', '/api/tokens', { cookie, body: { name: ' ci ' } });
    const list = await server.call('GET', '/api/tokens', { cookie });
    expect(JSON.parse(list.text)).toEqual([
      { id: json['id'], name: 'ci', created_at: json['created_at'], expires_at: null, last_used_at: null },
    ]);
    const remove = () => server.call('DELETE', `/api/tokens/${String(json['id'])}`, { cookie });
    expect((await remove()).status).toBe(204);
    expect((await remove()).code).toBe('not_found');
    expect((await server.call('POST', '/api/tokens', { cookie, body: { name: '' } })).code).toBe('validation_failed');
  });

  it('keeps at most 100 sessions of a user: the first ones go', async () => {
    const login = { username: 'admin', password: 'correct horse' };
    const first = cookie;
    for (let round = 0; round < 100; round += 1) {
      expect((await server.call('POST', '/api/auth/login', { body: login })).status).toBe(200);
    }
    expect(await sessions().count()).toBe(100);
    expect(await me({}, first)).toBe(401);
  });
});
