import { expect, test } from '@playwright/test';
import { type Role, roleAllows, routes, sockets, type SocketRequest } from '@aikore/contract';
import { addAccount, fakeWebui, http, openSocket, raw, request, writeBlueprint } from '@aikore/testing';
import { note, useServer } from '../support/servers';

type Identity = { name: string; role: Role | null; token: string | null };

/** What each route is called with: harmless, whoever may call it. There is no such instance, token or body. */
const harmless = {
  params: { id: 987_654, action: 'start' },
  body: { 'not a field': 1 },
};

test.describe('P1: roles', () => {
  const using = useServer();
  const identities: Identity[] = [];

  test.beforeAll(async () => {
    const { server } = using;
    await writeBlueprint(server.dataDir, 'App.sh', fakeWebui());
    const { id } = await server.create({ name: 'app', base_blueprint: 'App.sh' });
    await server.act(id, 'start', 'started');
    await server.stop();
    const viewer = await addAccount(server.database, 'vera', 'viewer');
    const operator = await addAccount(server.database, 'otto', 'operator');
    await server.boot();
    const wrong = `${server.adminToken.slice(0, -4)}AAAA`;
    identities.splice(
      0,
      identities.length,
      { name: 'anonymous', role: null, token: null },
      { name: 'wrong token', role: null, token: wrong },
      { name: 'viewer', role: 'viewer', token: viewer },
      { name: 'operator', role: 'operator', token: operator },
      { name: 'admin', role: 'admin', token: server.adminToken },
    );
  });

  test('every route answers those it is for, and nobody else', async () => {
    const { server } = using;
    const unexpected: string[] = [];
    let asked = 0;
    for (const [name, route] of Object.entries(routes)) {
      for (const { name: who, role, token } of identities) {
        const body = route.method === 'GET' ? undefined : harmless.body;
        const { status, error } = await server.as(token).send(route, { params: harmless.params, body });
        const allowed = status !== 401 && status !== 403;
        asked += 1;
        if (allowed !== roleAllows(role, route.access) || status >= 500) unexpected.push(`${name} ${who}: ${status}`);
        if (!allowed) expect([name, who, status]).toEqual([name, who, role === null ? 401 : 403]);
        if (!allowed && role) expect(error?.message).toContain(`you are ${role}`);
      }
    }
    expect(unexpected).toEqual([]);
    note('routes × identities', `${asked}, 0 unexpected`);
  });

  test('an operator starts and stops, and reads; a viewer only reads', async () => {
    const { server } = using;
    const [instance] = await server.list();
    const id = instance?.id ?? 0;
    const by = (role: Role) => server.as(identities.find((identity) => identity.role === role)?.token ?? '');
    expect((await by('viewer').ask(routes.actOnInstance, { params: { id, action: 'stop' } })).status).toBe(403);
    expect((await by('viewer').ask(routes.readLog, { params: { id } })).status).toBe(200);
    expect((await by('viewer').ask(routes.searchLog, { params: { id } })).status).toBe(200);
    expect((await by('operator').ask(routes.updateInstance, { params: { id }, body: { name: 'x' } })).status).toBe(403);
    const stopped = await by('operator').ask(routes.actOnInstance, {
      params: { id, action: 'restart' },
      query: { wait: 'started', timeout: 60 },
    });
    expect(stopped.status).toBe(202);
  });

  test('socket requests', async () => {
    const { server } = using;
    const requests = Object.values(sockets).flatMap((space) => Object.values(space.requests) as SocketRequest[]);
    for (const { role, token } of identities) {
      for (const definition of requests) {
        const opened = openSocket(server.port, definition.namespace, token);
        if (role === null) {
          await expect(opened).rejects.toThrow();
          continue;
        }
        const socket = await opened;
        const ack = await request(socket, definition, { 'not a field': 1 });
        const allowed = ack.ok || ack.error.code !== 'forbidden';
        expect([definition.name, role, allowed]).toEqual([definition.name, role, roleAllows(role, definition.access)]);
        socket.disconnect();
      }
    }
  });

  test('upgrades', async () => {
    const { server } = using;
    const [instance] = await server.list();
    const upgrade = async (port: number, path: string, host: string, token: string | null): Promise<string> => {
      const lines = [
        `GET ${path} HTTP/1.1`,
        `Host: ${host}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        ...(token === null ? [] : [`Authorization: Bearer ${token}`]),
      ];
      return (await raw(port, `${lines.join('\r\n')}\r\n\r\n`, 700)).slice(9, 12);
    };
    const console = `localhost:${server.port}`;
    // A token opens an app wherever it is: also on its own origins, where browsers have the app's cookie.
    const kinds: [name: string, port: number, path: string, host: string][] = [
      ['console', server.port, '/socket.io/?EIO=4&transport=websocket', console],
      ['path', server.port, instance?.path ?? '', console],
      ['subdomain', server.port, '/', `${instance?.slug}.localhost:${server.port}`],
      ['pool port', instance?.port ?? 0, '/', `127.0.0.1:${instance?.port}`],
    ];
    for (const [name, port, path, host] of kinds) {
      for (const { name: who, role, token } of identities) {
        const status = await upgrade(port, path, host, token);
        expect([name, who, status]).toEqual([name, who, role === null ? '401' : '101']);
      }
    }
  });

  test('the documents of the API are for whoever is logged in', async () => {
    const { server } = using;
    for (const path of ['/api/docs', '/api/docs/', '/api/docs/openapi.json', '/api/docs/swagger-ui.css']) {
      for (const { name, role, token } of identities) {
        const { status } = await http(server.port, path, { headers: server.as(token).headers });
        expect([path, name, status < 400]).toEqual([path, name, role !== null]);
      }
    }
  });

  test('what no route declares is there for nobody', async () => {
    const { server } = using;
    for (const path of ['/api', '/api/', '/api/users', '/api/instances/1/scripts', '/api/health/x']) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        const { status } = await http(server.port, path, { method, headers: server.api.headers });
        expect([path, method, status >= 400 && status < 500]).toEqual([path, method, true]);
      }
    }
  });
});
