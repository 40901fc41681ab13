import { once } from 'node:events';
import { type IncomingMessage, request as rawRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Socket } from 'socket.io-client';
import { type AuthServer, startAuthServer } from './testing/auth-server';
import { foreignOrigins } from './testing/foreign-origins';
import { closed, connect, outcome } from './testing/socket-client';

describe('sockets behind the gate', () => {
  let server: AuthServer;
  let cookie: string;
  let open: Socket[] = [];

  beforeAll(async () => {
    server = await startAuthServer();
    cookie = await server.setUp();
  });
  afterEach(() => {
    for (const socket of open) socket.close();
    open = [];
  });
  afterAll(() => server.remove());

  const dial = (headers: Record<string, string>, host?: string): Socket => {
    const socket = connect(server.port, headers, host);
    open.push(socket);
    return socket;
  };
  const own = () => ({ Origin: `http://localhost:${server.port}` });

  it('lets a page of the console in', async () => {
    const socket = dial({ Cookie: cookie, ...own() });
    expect(await outcome(socket)).toBe('connected');
    expect(await socket.emitWithAck('instances:join', {})).toEqual({ ok: true, data: { instances: [] } });
    const invalid = (await socket.emitWithAck('instances:join', { x: 1 })) as { error: { code: string } };
    expect(invalid.error.code).toBe('validation_failed');
  });

  it('refuses every foreign Origin, and a cookie without an Origin', async () => {
    const tries = foreignOrigins(server.port).map((origin) => outcome(dial({ Cookie: cookie, Origin: origin })));
    tries.push(outcome(dial({ Cookie: cookie })));
    tries.push(outcome(dial({ Cookie: cookie, ...own() }, 'evil.example')));
    tries.push(outcome(dial({ ...own() })));
    expect(new Set(await Promise.all(tries))).toEqual(new Set(['websocket error']));
    const strangers = (await server.audit()).filter(({ code }) => code === 'unauthenticated');
    expect(strangers).toMatchObject([{ action: 'gate.upgrade', target: 'console', result: 'denied', status: 401 }]);
  });

  it('says to whoever is refused why, for polling and for upgrades, and leaves a line of it', async () => {
    const misnamed = async () =>
      (await server.audit()).filter(({ status }) => status === 421).map((line) => line['action']);
    const before = await misnamed();
    const foreign = { Cookie: cookie, Origin: 'http://evil.example' };
    const tries: [headers: Record<string, string>, status: number][] = [
      [{}, 401],
      [{ Authorization: 'Bearer aik_none_none' }, 401],
      [{ ...own(), Cookie: `${cookie}x` }, 401],
      [foreign, 403],
      [{ ...own(), Cookie: cookie, Host: 'evil.example' }, 421],
    ];
    for (const transport of ['polling', 'websocket']) {
      for (const [headers, status] of tries) {
        const path = `/socket.io/?EIO=4&transport=${transport}`;
        const { status: answered } =
          transport === 'polling' ? await server.call('GET', path, { headers }) : await upgrade(server.port, headers);
        expect([transport, headers, answered]).toEqual([transport, headers, status]);
      }
    }
    expect(await misnamed()).toEqual([...before, 'gate.GET', 'gate.upgrade']);
  });

  it('lets a program with a token in, without an Origin', async () => {
    const { json } = await server.call('POST', '/api/tokens', { cookie, body: { name: 'cli' } });
    const headers = { Authorization: `Bearer ${String(json['token'])}` };
    const socket = dial(headers);
    expect(await outcome(socket)).toBe('connected');
    const end = closed(socket);
    const start = performance.now();
    await server.call('DELETE', `/api/tokens/${String(json['id'])}`, { cookie });
    expect(await end).toBe('io server disconnect');
    console.log(`token revoked → socket closed: ${(performance.now() - start).toFixed(1)} ms`);
    expect(await outcome(dial(headers))).toBe('websocket error');
  });

  it('closes the sockets of a session that logs out, and no others', async () => {
    const login = () =>
      server.call('POST', '/api/auth/login', { body: { username: 'admin', password: 'correct horse' } });
    const [first, second] = [await login(), await login()];
    const sockets = [first, first, second].map((answer) => dial({ Cookie: answer.cookie, ...own() }));
    await Promise.all(sockets.map(outcome));
    const ends = sockets.slice(0, 2).map(closed);
    const start = performance.now();
    await server.call('POST', '/api/auth/logout', { cookie: first.cookie });
    expect(await Promise.all(ends)).toEqual(['io server disconnect', 'io server disconnect']);
    const elapsed = performance.now() - start;
    console.log(`logout → sockets closed: ${elapsed.toFixed(1)} ms`);
    expect(elapsed).toBeLessThan(1000);
    expect(sockets[2]?.connected).toBe(true);
  });

  it('closes a connection that joined no namespace and does not answer', async () => {
    const { cookie: session } = await server.call('POST', '/api/auth/login', {
      body: { username: 'admin', password: 'correct horse' },
    });
    const socket = new WebSocketClient(server.port, session);
    await socket.opened;
    const start = performance.now();
    await server.call('POST', '/api/auth/logout', { cookie: session });
    await socket.ended;
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

/** What an upgrade is answered with. */
async function upgrade(port: number, headers: Record<string, string>): Promise<{ status: number }> {
  const handshake = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' };
  const key = { 'Sec-WebSocket-Key': Buffer.alloc(16, 7).toString('base64') };
  const request = rawRequest({
    host: '127.0.0.1',
    port,
    path: '/socket.io/?EIO=4&transport=websocket',
    headers: { Host: `localhost:${port}`, ...handshake, ...key, ...headers },
  });
  request.end();
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).once('upgrade', resolve).once('error', reject);
  });
  answer.socket.destroy();
  return { status: answer.statusCode ?? 0 };
}

/** engine.io by hand: connects and says nothing. */
class WebSocketClient {
  readonly opened: Promise<void>;
  readonly ended: Promise<void>;

  constructor(port: number, cookie: string) {
    const request = rawRequest({
      host: '127.0.0.1',
      port,
      path: '/socket.io/?EIO=4&transport=websocket',
      headers: {
        Host: `localhost:${port}`,
        Origin: `http://localhost:${port}`,
        Cookie: cookie,
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': Buffer.alloc(16, 7).toString('base64'),
      },
    });
    const upgraded = new Promise<Duplex>((resolve, reject) => {
      request.once('upgrade', (_, socket) => resolve(socket));
      request.once('error', reject);
      request.once('response', ({ statusCode }) => reject(new Error(`answered ${statusCode}`)));
    });
    this.ended = upgraded.then(async (socket) => {
      socket.on('error', () => undefined); // reset or ended: both are closed
      socket.resume();
      await once(socket, 'close');
    });
    this.opened = upgraded.then(() => undefined);
    request.end();
  }
}
