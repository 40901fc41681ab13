import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Gate } from '@aikore/api/kernel';
import { type AuthServer, startAuthServer } from '../testing/auth-server';
import { foreignOrigins } from '../testing/foreign-origins';
import { requestOf } from '../testing/request-of';

describe('the gate', () => {
  let server: AuthServer;
  let cookie: string;
  let bearer: string;

  beforeAll(async () => {
    server = await startAuthServer({ env: { AIKORE_ALLOWED_HOSTS: 'box.example' } });
    cookie = await server.setUp();
    const { json } = await server.call('POST', '/api/tokens', { cookie, body: { name: 'cli' } });
    bearer = `Bearer ${String(json['token'])}`;
  });
  afterAll(() => server.remove());

  const me = (headers: Record<string, string>, withCookie = true) =>
    server.call('GET', '/api/auth/me', { headers, ...(withCookie ? { cookie, csrf: false } : {}) });

  it('answers under its own names only', async () => {
    for (const name of ['localhost', '127.0.0.1', '[::1]', 'comfy.localhost', 'box.example']) {
      expect([name, (await me({ Host: `${name}:${server.port}` })).status]).toEqual([name, 200]);
    }
    for (const name of ['evil.example', 'localhost.evil.example', 'localhost.', 'a@localhost']) {
      const answer = await me({ Host: `${name}:${server.port}` });
      expect([name, answer.status, answer.code]).toEqual([name, 421, 'host_not_allowed']);
    }
    expect((await server.call('GET', `http://localhost:${server.port}/api/health`)).status).toBe(421);
  });

  it('refuses every foreign Origin, whatever the credentials', async () => {
    for (const origin of foreignOrigins(server.port)) {
      const answers = await Promise.all([me({ Origin: origin }), me({ Origin: origin, Authorization: bearer }, false)]);
      expect(answers.map(({ code }) => [origin, code])).toEqual(Array(2).fill([origin, 'origin_not_allowed']));
    }
    expect((await me({ Origin: `http://localhost:${server.port}` })).status).toBe(200);
  });

  it('asks cookie requests for X-AiKore, tokens not', async () => {
    const create = (headers: Record<string, string>, withCookie: boolean) =>
      server.call('POST', '/api/tokens', {
        body: { name: 'x' },
        headers,
        ...(withCookie ? { cookie, csrf: false } : {}),
      });
    expect((await create({}, true)).code).toBe('csrf_header_missing');
    expect((await create({ 'X-AiKore': '0' }, true)).code).toBe('csrf_header_missing');
    expect((await create({ 'X-AiKore': '1' }, true)).status).toBe(201);
    expect((await create({ Authorization: bearer }, false)).status).toBe(201);
    const below = await server.call('POST', '/instance/comfy/', { cookie, csrf: false, body: {} });
    expect(below.code).toBe('origin_not_allowed');
    for (const path of ['/API/tokens', '//api/tokens', '/%61pi/tokens', '/api/tokens/']) {
      const answer = await server.call('POST', path, { body: { name: 'x' }, cookie, csrf: false });
      expect([path, answer.code]).toEqual([path, 'csrf_header_missing']);
    }
  });

  it('believes fetch metadata that speaks of another origin, save for navigations', async () => {
    for (const site of ['same-site', 'cross-site']) {
      expect((await me({ 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': 'no-cors' })).code).toBe('origin_not_allowed');
      expect((await me({ 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': 'navigate' })).status).toBe(200);
    }
    expect((await me({ 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors' })).status).toBe(200);
  });

  it('knows tokens by the Authorization header only', async () => {
    expect((await me({ Authorization: bearer }, false)).json).toEqual({
      username: 'admin',
      role: 'admin',
      via: 'token',
    });
    const token = bearer.slice('Bearer '.length);
    const wrong = `${bearer.slice(0, -2)}${bearer.endsWith('AA') ? 'BB' : 'AA'}`;
    for (const bad of [wrong, 'Bearer aik_', 'Bearer aik_0000000000000000_x', `Basic ${token}`, token]) {
      expect([bad, (await me({ Authorization: bad }, false)).status]).toEqual([bad, 401]);
    }
    expect((await server.call('GET', `/api/auth/me?token=${token}&access_token=${token}`)).status).toBe(401);
    // A wrong bearer is not made good by a cookie.
    expect((await me({ Authorization: wrong })).status).toBe(401);
  });

  it('finds the real session among planted cookies', async () => {
    const name = cookie.split('=')[0];
    const planted = await server.call('GET', '/api/auth/me', { cookie: `${name}=planted; ${cookie}; ${name}=x` });
    expect(planted.status).toBe(200);
    expect((await server.call('GET', '/api/auth/me', { cookie: `${name}=planted` })).status).toBe(401);
  });

  it('sends the security headers and a request id with every answer', async () => {
    const [answer, other] = [await server.call('GET', '/api/health'), await server.call('GET', '/nothing')];
    const { headers } = answer;
    const csp = String(headers['content-security-policy']);
    expect(csp).not.toContain('unsafe');
    expect(csp).toContain(`connect-src 'self' ws://localhost:${server.port};`);
    expect(csp).toContain(`frame-src 'self' http://*.localhost:* http://localhost:*;`);
    expect(csp).toMatch(/style-src 'self' 'nonce-[\w+/=]{24}'/);
    expect(csp).not.toBe(other.headers['content-security-policy']);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers['strict-transport-security']).toBeUndefined();
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['x-request-id']).not.toBe(other.headers['x-request-id']);
    const refused = await server.call('POST', '/api/auth/logout');
    expect((refused.json['error'] as { request_id: string }).request_id).toBe(refused.headers['x-request-id']);
  });

  it('records denials, but no flood of them', async () => {
    await Promise.all(Array.from({ length: 40 }, () => me({ Host: 'evil.example' })));
    const lines = (await server.audit()).filter(({ code }) => code === 'host_not_allowed');
    expect(lines.length).toBeLessThanOrEqual(10);
    expect(lines[0]).toMatchObject({
      actor: null,
      action: 'gate.GET',
      target: 'console',
      result: 'denied',
      status: 421,
    });
  });

  it('is quick', () => {
    const gate = server.app.get(Gate);
    const request = requestOf({ headers: { host: `localhost:${server.port}`, cookie } });
    const times: number[] = [];
    for (let round = 0; round < 20_000; round += 1) {
      const start = performance.now();
      const verdict = gate.judge(request, { kind: 'console' });
      times.push(performance.now() - start);
      if (!('identity' in verdict) || verdict.identity === null) throw new Error('not let in');
    }
    times.sort((a, b) => a - b);
    const [p50, p99] = [0.5, 0.99].map((at) => ((times[Math.floor(times.length * at)] ?? 0) * 1000).toFixed(1));
    console.log(`judging a session request: p50 ${p50} µs, p99 ${p99} µs`);
  });
});
