import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Gate, type GateVerdict, type Identity, stripCredentials, stripSetCookies } from '@aikore/api/kernel';
import { type AuthServer, startAuthServer } from '../testing/auth-server';
import { call } from '../testing/call';
import { requestOf } from '../testing/request-of';

describe('entering an app', () => {
  let server: AuthServer;
  let session: string;
  let gate: Gate;

  beforeEach(async () => {
    server = await startAuthServer();
    session = await server.setUp();
    gate = server.app.get(Gate);
  });
  afterEach(() => server.remove());

  const host = 'comfy.localhost:9000';
  const judge = (
    instanceId: number,
    headers: Record<string, string>,
    { method = 'GET', encrypted = false }: { method?: string; encrypted?: boolean } = {},
  ): GateVerdict =>
    gate.judge(requestOf({ method, encrypted, headers: { host, ...headers } }), {
      kind: 'app',
      instanceId,
    }) as GateVerdict;
  const who = (verdict: GateVerdict): string | null =>
    verdict.refused ? verdict.refused.code : (verdict.identity?.username ?? null);
  const caller = (): Identity => {
    const verdict = gate.judge(requestOf({ headers: { cookie: session } }), { kind: 'console' }) as GateVerdict;
    if (verdict.refused || !verdict.identity) throw new Error('no session');
    return verdict.identity;
  };
  const redeem = (ticket: string, instanceId: number, encrypted = false): string | null =>
    gate.redeemTicket(requestOf({ encrypted, address: '::ffff:10.0.0.7', headers: { host } }), ticket, instanceId);
  const enter = (instanceId: number, secure = false): string =>
    redeem(gate.issueTicket(caller(), instanceId), instanceId, secure) ?? '';
  const pair = (setCookie: string): string => setCookie.split(';')[0] ?? '';

  it('gives a cookie that opens this instance and nothing else', async () => {
    const setCookie = enter(7);
    expect(setCookie).toMatch(
      /^aikore_app_[0-9a-f]{10}_7=7\.\d+\.session:[\w-]+\.[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/,
    );
    const cookie = pair(setCookie);
    expect(who(judge(7, { cookie }))).toBe('admin');
    expect(who(judge(8, { cookie }))).toBeNull();
    // Renamed to another instance's, or to the console's own: still nothing.
    expect(who(judge(8, { cookie: cookie.replace('_7=7.', '_8=7.') }))).toBeNull();
    expect(who(judge(8, { cookie: cookie.replace('_7=7.', '_8=8.') }))).toBeNull();
    const asSession = `${session.split('=')[0]}=${cookie.split('=')[1]}`;
    expect((await server.call('GET', '/api/auth/me', { cookie: asSession })).status).toBe(401);
    expect((await server.call('GET', '/api/auth/me', { cookie })).status).toBe(401);
    // And the console's cookie does not open an app.
    expect(who(judge(7, { cookie: session }))).toBeNull();
  });

  it('takes a ticket once', async () => {
    const ticket = gate.issueTicket(caller(), 7);
    expect(redeem(ticket, 7)).not.toBeNull();
    expect(redeem(ticket, 7)).toBeNull();
    const lines = (await server.audit()).filter(({ action }) => action === 'ticket.redeemed');
    expect(lines.map(({ actor, address, target, result }) => [actor, address, target, result])).toEqual([
      ['admin', '10.0.0.7', '7', 'ok'],
      [null, '10.0.0.7', '7', 'denied'],
    ]);
  });

  it('lets a forged or broken cookie nowhere', async () => {
    const cookie = pair(enter(7));
    const [name, value = ''] = cookie.split('=');
    const [instance, expiry, credential, mac] = value.split('.');
    const variants = [
      '',
      'x',
      '....',
      `${instance}.${Number(expiry) + 1}.${credential}.${mac}`,
      `${instance}.${expiry}.none.${mac}`,
      `${instance}.${expiry}.${credential}.`,
      `${value}.x`,
    ];
    for (const variant of variants)
      expect([variant, who(judge(7, { cookie: `${name}=${variant}` }))]).toEqual([variant, null]);
    expect(who(judge(7, { cookie: `${name}=x; ${cookie}` }))).toBe('admin');
  });

  it('ends with the session, and lives on over a restart', async () => {
    const cookie = pair(enter(7));
    await server.stop();
    server = await startAuthServer({ dataDir: server.dataDir });
    gate = server.app.get(Gate);
    expect(who(judge(7, { cookie }))).toBe('admin');
    const ticket = gate.issueTicket(caller(), 7);
    await server.call('POST', '/api/auth/logout', { cookie: session });
    expect(who(judge(7, { cookie }))).toBeNull();
    expect(redeem(ticket, 7)).toBeNull();
  });

  it('is bound to the host under TLS', async () => {
    const setCookie = enter(7, true);
    expect(setCookie).toMatch(/^__Host-aikore_app_\w+_7=.*; SameSite=Lax; Secure$/);
    expect(who(judge(7, { cookie: pair(setCookie) }, { encrypted: true }))).toBe('admin');
    expect(who(judge(7, { cookie: pair(setCookie).replace('__Host-', '') }, { encrypted: true }))).toBeNull();
  });

  it('records a stranger whom nothing is served without an identity', async () => {
    const request = requestOf({ address: '10.0.0.8', headers: { host } });
    gate.judge(request, { kind: 'app', instanceId: 7 });
    expect(gate.judge(request, { kind: 'app', instanceId: 7, required: true })).toEqual({
      refused: null,
      identity: null,
    });
    const lines = (await server.audit()).filter(({ code }) => code === 'unauthenticated');
    expect(lines).toMatchObject([
      { actor: null, address: '10.0.0.8', action: 'gate.GET', target: '7', result: 'denied', status: 401 },
    ]);
  });

  it('knows our bearers only, and leaves those of the app alone', async () => {
    const { json } = await server.call('POST', '/api/tokens', { cookie: session, body: { name: 'cli' } });
    const ours = `Bearer ${String(json['token'])}`;
    expect(who(judge(7, { authorization: ours }))).toBe('admin');
    expect(who(judge(7, { authorization: ours }, { method: 'POST' }))).toBe('admin');
    expect(who(judge(7, { authorization: 'Bearer sk-theirs' }))).toBeNull();
    const cookie = pair(enter(7));
    expect(who(judge(7, { authorization: 'Bearer sk-theirs', cookie }))).toBe('admin');
  });

  it('checks the Origin as the console does', async () => {
    const cookie = pair(enter(7));
    const own = { cookie, origin: `http://${host}` };
    expect(who(judge(7, own, { method: 'POST' }))).toBe('admin');
    expect(who(judge(7, { ...own, upgrade: 'websocket' }))).toBe('admin');
    for (const origin of ['null', 'http://localhost:9000', 'http://other.localhost:9000', `https://${host}`]) {
      expect(who(judge(7, { cookie, origin }))).toBe('origin_not_allowed');
    }
    expect(who(judge(7, { cookie }, { method: 'POST' }))).toBe('origin_not_allowed');
    expect(who(judge(7, { cookie, 'sec-fetch-site': 'same-origin' }, { method: 'POST' }))).toBe('admin');
    expect(who(judge(7, { cookie, upgrade: 'websocket' }))).toBe('origin_not_allowed');
    expect(who(judge(7, { cookie, 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }))).toBe(
      'origin_not_allowed',
    );
    expect(who(judge(7, { cookie, host: 'evil.example' }))).toBe('host_not_allowed');
  });

  it('leaves no byte of ours in what the app receives', async () => {
    const { json } = await server.call('POST', '/api/tokens', { cookie: session, body: { name: 'cli' } });
    const [entry, token] = [pair(enter(7)), String(json['token'])];
    const seen: string[][] = [];
    const app = createServer((request, response) => {
      seen.push(stripCredentials(request.rawHeaders));
      response.setHeader('Set-Cookie', stripSetCookies([`${entry}; Path=/`, 'own=1', ' AIKORE_x=1']));
      response.end();
    }).listen(0, '127.0.0.1');
    await once(app, 'listening');
    try {
      const headers = { Cookie: [`theme=dark; ${session}`, `${entry}; lang=de; __Host-${session}`], 'X-AiKore': '1' };
      const { port } = app.address() as AddressInfo;
      await call(port, 'GET', '/', { headers: { ...headers, Authorization: `Bearer ${token}` } });
      const answer = await call(port, 'GET', '/', { headers: { ...headers, Authorization: 'Bearer sk-theirs' } });
      const text = JSON.stringify(seen);
      for (const secret of [session, entry, token].map((full) => full.slice(-20))) expect(text).not.toContain(secret);
      expect(text).not.toMatch(/aikore|aik_/i);
      expect(text).toMatch(/theme=dark.*lang=de.*sk-theirs/);
      expect(answer.headers['set-cookie']).toEqual(['own=1']);
    } finally {
      app.close();
    }
  });
});
