import { stat } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { routes } from '@aikore/contract';
import { adminLogin, http } from '@aikore/testing';
import { useServer } from '../support/servers';

const json = { 'content-type': 'application/json' };

test.describe.serial('the first run', () => {
  const using = useServer({ blank: true });

  test('answers health to everybody, and asks for the set-up everywhere else', async () => {
    const { server } = using;
    const nobody = server.as(null);
    expect(await nobody.call(routes.health)).toMatchObject({ status: 'ok', version: expect.any(String) });
    for (const route of Object.values(routes)) {
      if (route.path === '/api/health' || route.path === '/api/setup') continue;
      const answer = await nobody.send(route, { params: { id: 1, action: 'start' }, body: undefined });
      expect([route.path, answer.status, answer.error?.code]).toEqual([route.path, 401, 'setup_required']);
      expect(answer.error?.message).toContain('set-up link');
    }
    expect((await http(server.port, '/instance/x/')).status).not.toBe(200);
  });

  test('prints the set-up URL once and keeps it in a private file', async () => {
    const { server } = using;
    const url = await server.setupUrl();
    expect(url).toMatch(new RegExp(`^http://localhost:${server.port}/setup#token=[\\w-]{43}$`));
    expect(server.output).toContain(url);
    expect((await stat(`${server.dataDir}/setup-url`)).mode & 0o777).toBe(0o600);
  });

  test('takes the token once', async () => {
    const { server } = using;
    const token = await server.setupToken();
    const ask = (body: object) =>
      http(server.port, '/api/setup', { method: 'POST', headers: json, body: JSON.stringify(body) });
    expect((await ask({ ...adminLogin, token: 'x'.repeat(43) })).status).toBe(400);
    await server.setUp();
    const again = await ask({ ...adminLogin, token });
    expect([again.status, JSON.parse(again.text)]).toEqual([
      409,
      { error: expect.objectContaining({ code: 'setup_done' }) },
    ]);
    await expect(stat(`${server.dataDir}/setup-url`)).rejects.toThrow('ENOENT');
  });

  test('knows the token’s owner, and logs in and out with the password', async () => {
    const { server } = using;
    expect(await server.api.call(routes.me)).toEqual({ username: 'admin', role: 'admin', via: 'token' });
    const wrong = await server.as(null).ask(routes.login, { body: { ...adminLogin, password: 'wrong password' } });
    expect([wrong.status, wrong.error?.code]).toEqual([401, 'bad_credentials']);
    const right = await server.as(null).ask(routes.login, { body: adminLogin });
    expect(right.status).toBe(200);
    const cookie = (right.headers['set-cookie'] ?? []).join(';');
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Strict/i);
    const session = { cookie: cookie.split(';')[0] ?? '' };
    const me = (headers: Record<string, string>) => http(server.port, '/api/auth/me', { headers });
    expect(JSON.parse((await me(session)).text)).toMatchObject({ username: 'admin', via: 'session' });
    const logout = (headers: Record<string, string>) =>
      http(server.port, '/api/auth/logout', { method: 'POST', headers });
    expect((await logout(session)).status).toBe(403);
    expect((await logout({ ...session, 'x-aikore': '1' })).status).toBe(204);
    expect((await me(session)).status).toBe(401);
  });

  test('has no set-up URL at the next boot, and keeps tokens', async () => {
    const { server } = using;
    await server.stop();
    await server.boot();
    expect(await server.api.call(routes.me)).toMatchObject({ username: 'admin' });
    expect(server.output.match(/\/setup#token=/g)).toHaveLength(1);
  });
});
