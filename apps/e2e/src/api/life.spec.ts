import { expect, test } from '@playwright/test';
import { type Instance, routes } from '@aikore/contract';
import {
  fakeWebui,
  http,
  isFree,
  openSocket,
  processesOfRun,
  raw,
  type TestServer,
  timed,
  until,
  writeBlueprint,
} from '@aikore/testing';
import { note, useServer } from '../support/servers';

const cookieOf = (headers: { 'set-cookie'?: string[] }): string =>
  (headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';

/** Enter the app's origin as a browser does: ticket, cookie, page. @returns the headers of later requests */
async function enter(server: TestServer, instance: Instance, origin: { port: number; host: string }): Promise<string> {
  const open = await http(server.port, `/api/instances/${instance.id}/open`, {
    method: 'POST',
    headers: { ...server.api.headers, host: origin.host },
  });
  const url = new URL((JSON.parse(open.text) as { url: string }).url);
  const entry = url.pathname + url.search;
  const first = await http(Number(url.port), entry, { headers: { host: url.host } });
  expect([first.status, first.headers.location]).toEqual([303, '/']);
  expect(first.headers['set-cookie']?.[0]).toMatch(/HttpOnly/i);
  const second = await http(Number(url.port), entry, { headers: { host: url.host } });
  expect([second.status, second.text]).toEqual([403, expect.stringContaining('ticket_invalid')]);
  return cookieOf(first.headers);
}

test.describe.serial('an instance from create to stop', () => {
  const using = useServer();
  let instance: Instance;
  let runId = '';
  let appPort = 0;

  test('is created without a folder, with an address', async () => {
    const { server } = using;
    await writeBlueprint(server.dataDir, 'Web.sh', `echo "hello from the blueprint"\n${fakeWebui({ spew: 20 })}`);
    instance = await server.create({ name: 'My first app', base_blueprint: 'Web.sh' });
    expect(instance).toMatchObject({
      status: 'stopped',
      slug: 'my-first-app',
      directory: 'My-first-app',
      path: '/instance/my-first-app/',
      run: null,
      allowedActions: ['start', 'edit', 'delete'],
    });
    expect(instance.port).toBe(server.pool.from);
    const waiting = await server.app(instance);
    expect(waiting.status).toBe(503);
  });

  test('starts, and waits until it answers', async () => {
    const { server } = using;
    const live = await server.joinInstances();
    const { result, ms } = await timed(() => server.act(instance.id, 'start', 'started'));
    expect(result).toMatchObject({ status: 'started', desired_state: 'started', status_reason: null });
    expect(result.allowedActions).toContain('open');
    note('start to started', ms);
    await until(() => live.byId.get(instance.id)?.status === 'started', 'the socket to tell of it');
    expect(live.changes.map((change) => change.instance.status)).toContain('starting');
    live.close();
    runId = result.run?.id ?? '';
    expect(processesOfRun(runId).length).toBeGreaterThan(0);
  });

  test('is reached through its path with a token', async () => {
    const { server } = using;
    const answer = JSON.parse((await server.app(instance)).text) as { run: string; port: number };
    expect(answer.run).toBe(runId);
    appPort = answer.port;
    expect(appPort < server.pool.from || appPort > server.pool.to).toBe(true);
    const seen = (await server.app(instance, 'headers')).text;
    expect(seen).not.toContain('aik_');
    const upload = 'x'.repeat(3 * 1024 * 1024);
    expect((await server.app(instance, 'echo', { method: 'POST', body: upload })).text).toBe(upload);
    expect((await http(server.port, instance.path)).status).toBe(401);
    // A stranger is not told which apps there are.
    expect((await http(server.port, '/instance/no-such-app/')).status).toBe(401);
  });

  for (const kind of ['the subdomain', 'the pool port'] as const) {
    test(`is reached through ${kind} with a ticket`, async () => {
      const { server } = using;
      const host = kind === 'the subdomain' ? `localhost:${server.port}` : `192.0.2.7:${server.port}`;
      const cookie = await enter(server, instance, { port: server.port, host });
      const origin =
        kind === 'the subdomain'
          ? { port: server.port, host: `my-first-app.localhost:${server.port}` }
          : { port: instance.port ?? 0, host: `192.0.2.7:${instance.port}` };
      const page = await http(origin.port, '/', { headers: { host: origin.host, cookie } });
      expect((JSON.parse(page.text) as { run: string }).run).toBe(runId);
      const headers = (await http(origin.port, '/headers', { headers: { host: origin.host, cookie } })).text;
      expect(headers).not.toContain(cookie.split('=')[1]);
      expect((await http(origin.port, '/', { headers: { host: origin.host } })).status).toBe(401);
    });
  }

  test('echoes over a WebSocket through the proxy', async () => {
    const { server } = using;
    // "Hello" in one masked text frame (RFC 6455 §5.7), right after the request.
    const frame = Buffer.from([0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58]);
    const head = [
      `GET ${instance.path}ws HTTP/1.1`,
      `Host: localhost:${server.port}`,
      `Authorization: Bearer ${server.adminToken}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      '\r\n',
    ].join('\r\n');
    const answer = await raw(server.port, Buffer.concat([Buffer.from(head), frame]), 1500);
    expect(answer).toContain('101 Switching Protocols');
    expect(answer).toContain('Hello');
  });

  test('gets the environment of the original and binds to loopback', async () => {
    const env = JSON.parse((await using.server.app(instance, 'env')).text) as Record<string, string>;
    expect(env).toMatchObject({
      WEBUI_PORT: String(appPort),
      INSTANCE_NAME: 'My first app',
      SUBFOLDER: '/instance/my-first-app/',
      BLUEPRINT_ID: 'Web',
      AIKORE_BIND_HOST: '127.0.0.1',
      AIKORE_RUN_ID: runId,
    });
    expect(Object.keys(env).filter((name) => /AIKORE_(ADMIN|PORT|HOST|DATA_DIR)/.test(name))).toEqual([]);
  });

  test('has a log over HTTP and over the socket, and both are the same', async () => {
    const { server } = using;
    const tail = await server.tailLog(instance.id);
    await until(() => tail.text.includes('line 00000100'), 'a hundred lines');
    const read = (await server.log(instance.id)).toString('utf8');
    expect(read).toContain('hello from the blueprint\n');
    expect(tail.text.startsWith(read.slice(0, 1000))).toBe(true);
    expect([tail.faults, tail.gaps]).toEqual([[], []]);
    const last = await server.api.ask(routes.readLog, { params: { id: instance.id }, query: { tail: 60 } });
    expect(last.text).toMatch(/^line \d{8}\n/);
    const download = await server.api.ask(routes.readLog, { params: { id: instance.id }, query: { download: '1' } });
    expect(download.headers['content-disposition']).toContain('my-first-app');
    tail.close();
  });

  test('stops: nothing is left, and the port is free', async () => {
    const { server } = using;
    const tail = await server.tailLog(instance.id);
    const { result, ms } = await timed(() => server.act(instance.id, 'stop', 'stopped'));
    note('stop', ms);
    expect(result).toMatchObject({ status: 'stopped', desired_state: 'stopped', status_reason: null });
    expect(processesOfRun(runId)).toEqual([]);
    expect(await isFree(appPort)).toBe(true);
    await until(() => tail.ended.length === 1, 'the end of the run on the socket');
    tail.close();
    const page = await server.app(instance);
    expect(page.status).toBe(503);
  });

  test('lists the run with its exit code', async () => {
    const { server } = using;
    const [run, ...more] = await server.runs(instance.id);
    expect(more).toEqual([]);
    expect(run).toMatchObject({ id: runId, instance_id: instance.id, reason: 'stopped', signal: 'SIGTERM' });
    expect(run?.ended_at).not.toBeNull();
    expect(run?.log_size).toBe((await server.log(instance.id)).length);
  });

  test('refuses sockets without a login', async () => {
    const { server } = using;
    for (const namespace of ['/instances', '/logs']) {
      await expect(openSocket(server.port, namespace, null)).rejects.toThrow();
      await expect(openSocket(server.port, namespace, 'aik_wrong')).rejects.toThrow();
    }
  });
});
