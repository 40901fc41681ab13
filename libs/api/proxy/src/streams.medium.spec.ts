import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server as SocketServer } from 'socket.io';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, until } from './testing/client';
import { appRoute, openDoor, type TestDoor } from './testing/door';
import { credentials } from './testing/fake-gate';
import { startUpstream, type Upstream } from './testing/upstream';

const megabyte = 1024 * 1024;
let app: Upstream;
let door: TestDoor;
const headers = () => ({ Host: `echo.localhost:${door.port}`, Cookie: credentials.app(7) });

beforeAll(async () => {
  app = await startUpstream();
  door = await openDoor([appRoute({ appPort: app.port })]);
});
afterAll(async () => {
  await door.door.close();
  await app.close();
});

/** Most resident memory while `work` goes on, above what it was before, in bytes. */
async function growth(work: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
  await work().finally(() => clearInterval(timer));
  return most - before;
}

describe('large bodies are streamed', () => {
  it('200 MB to a visitor who reads slowly, in bounded memory', async () => {
    let bytes = 0;
    const grown = await growth(
      () =>
        new Promise((resolve, reject) => {
          const path = `/bytes?n=${200 * megabyte}`;
          const request = httpRequest({ host: '127.0.0.1', port: door.port, path, headers: headers() }, (answer) => {
            answer.on('data', (chunk: Buffer) => {
              bytes += chunk.length;
              answer.pause(); // a turn of the loop per chunk: the app is faster than this reader
              setImmediate(() => answer.resume());
            });
            answer.on('end', resolve).on('error', reject);
          });
          request.on('error', reject).end();
        }),
    );
    expect(bytes).toBe(200 * megabyte);
    expect(grown).toBeLessThan(100 * megabyte);
  });

  it.each([true, false])('100 MB from a visitor, with a length: %s', async (hasLength) => {
    const block = Buffer.alloc(megabyte, 'u');
    const length = hasLength ? { 'Content-Length': 100 * megabyte } : {};
    let answered = '';
    const grown = await growth(
      () =>
        new Promise((resolve, reject) => {
          const options = { host: '127.0.0.1', port: door.port, path: '/count', method: 'POST' };
          const request = httpRequest({ ...options, headers: { ...headers(), ...length } }, (answer) => {
            answer.on('data', (chunk: Buffer) => (answered += chunk.toString())).on('end', resolve);
          });
          request.on('error', reject);
          let left = 100;
          const more = () => {
            while (left-- > 0) if (!request.write(block)) return void request.once('drain', more);
            request.end();
          };
          more();
        }),
    );
    expect(answered).toBe(String(100 * megabyte));
    expect(grown).toBeLessThan(100 * megabyte);
  });
});

it('events arrive at once', async () => {
  const delays: number[] = [];
  await new Promise<void>((resolve, reject) => {
    const options = { host: '127.0.0.1', port: door.port, path: '/events', headers: headers() };
    const request = httpRequest(options, (answer) => {
      answer.on('data', (chunk: Buffer) => {
        const sent = /data: (\d+)/.exec(chunk.toString())?.[1];
        delays.push(Date.now() - Number(sent));
        if (delays.length < 20) return;
        request.destroy();
        resolve();
      });
      answer.on('error', () => undefined);
    });
    request.on('error', reject).end();
  });
  const median = delays.sort((a, b) => a - b)[10] ?? Infinity;
  console.log(`event stream: median delay ${median} ms, longest ${delays.at(-1)} ms`);
  expect(median).toBeLessThan(1000);
});

describe('what is streamed ends with the session that it was opened with', () => {
  const begun = (path: string, more: object = {}) =>
    new Promise<{ closed: Promise<unknown>; request: import('node:http').ClientRequest }>((resolve, reject) => {
      const options = { host: '127.0.0.1', port: door.port, path, headers: headers(), ...more };
      const request = httpRequest(options, (answer) => {
        answer.on('error', () => undefined);
        const closed = new Promise((done) => answer.once('close', done));
        answer.once('data', () => resolve({ closed, request }));
      });
      request.on('error', reject).end();
    });

  it.each(['/events', '/bytes?n=2000000000', '/bytes?n=2000000000&chunked'])('%s', async (path) => {
    const { closed, request } = await begun(path);
    door.events.emit('credential.ended', { credential: 'somebody else' });
    expect(request.destroyed).toBe(false);
    door.events.emit('credential.ended', { credential: 'session' });
    await closed;
  });

  it('below the console too', async () => {
    const own = { Authorization: credentials.bearer };
    const { closed } = await begun('/instance/echo/events', { headers: own });
    door.events.emit('credential.ended', { credential: 'token' });
    await closed;
  });

  it.each([
    ['an upload', 'POST', '/count', { 'Content-Length': 1_000_000 }],
    ['a long poll', 'GET', '/silent', {}],
  ])('%s', async (_, method, path, more) => {
    const seen = app.seen.length;
    const options = { host: '127.0.0.1', port: door.port, path, method, headers: { ...headers(), ...more } };
    const request = httpRequest(options);
    const closed = new Promise((resolve) => request.once('error', resolve));
    if (method === 'POST') request.write('begun');
    else request.end();
    await until(() => app.seen.length > seen, 'the app to be asked');
    door.events.emit('credential.ended', { credential: 'session' });
    await closed;
  });
});

it('a head without a body yet is passed on', async () => {
  const status = await new Promise((resolve, reject) => {
    const server = createServer((_request, response) => response.writeHead(200, { 'X-Early': '1' }).flushHeaders());
    server.listen(0, '127.0.0.1', () => {
      const { port: appPort } = server.address() as AddressInfo;
      void door.proxy
        .apply([appRoute({ appPort: app.port }), appRoute({ instanceId: 3, slug: 'slow', appPort })])
        .then(() => {
          const own = { Host: 'slow.localhost', Cookie: credentials.app(3) };
          const request = httpRequest({ host: '127.0.0.1', port: door.port, headers: own }, (answer) => {
            resolve(answer.headers['x-early']);
            answer.on('error', () => undefined);
            request.destroy();
            server.closeAllConnections();
            server.close();
          });
          request.on('error', reject).end();
        });
    });
  });
  expect(status).toBe('1');
});

it('socket.io works through the proxy', async () => {
  const server = createServer();
  const sockets = new SocketServer(server, { transports: ['websocket'] });
  sockets.on('connection', (socket) => {
    expect(socket.handshake.headers.cookie).toBe('theirs=1');
    socket.on('double', (n: number, done: (result: number) => void) => done(2 * n));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: appPort } = server.address() as AddressInfo;
  await door.proxy.apply([appRoute({ appPort: app.port }), appRoute({ instanceId: 4, slug: 'chat', appPort })]);
  const client = io(`http://127.0.0.1:${door.port}`, {
    transports: ['websocket'],
    reconnection: false,
    extraHeaders: { Host: 'chat.localhost', Cookie: `theirs=1; ${credentials.app(4)}` },
  });
  try {
    expect(await client.timeout(10_000).emitWithAck('double', 21)).toBe(42);
    const big = await client.timeout(10_000).emitWithAck('double', 1);
    expect(big).toBe(2);
  } finally {
    client.disconnect();
    await sockets.close();
  }
});

it('an app never sees a credential of the console', async () => {
  app.seen.length = 0;
  const all = {
    ...headers(),
    Cookie: `a=1; ${credentials.session}; ${credentials.app(7)}; b=2`,
    'X-AiKore': '1',
  };
  const identity = { userId: 1, username: 'ada', role: 'admin', via: 'session', credential: 'x' } as const;
  const url = new URL(
    door.proxy.openUrl(7, identity, { name: 'localhost', port: door.port, protocol: 'http' }, '/echo') ?? '',
  );
  await ask({ port: door.port, path: url.pathname + url.search, headers: all });
  await ask({ port: door.port, path: '/echo', headers: all, method: 'POST', body: 'x' });
  await ask({ port: door.port, path: '/echo', headers: { ...headers(), Authorization: credentials.bearer } });
  await ask({ port: door.port, path: '/instance/echo/x', headers: { Authorization: credentials.bearer } });
  const redirect = await ask({ port: door.port, path: '/redirect', headers: all });
  await ask({ port: door.port, path: new URL(redirect.headers.location ?? '').pathname, headers: all });
  const planted = await ask({ port: door.port, path: '/cookies', headers: all });

  const socket = await new Promise<import('node:stream').Duplex>((resolve, reject) => {
    const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket' };
    const options = { host: '127.0.0.1', port: door.port, path: '/ws', headers: { ...all, ...upgrade }, agent: false };
    httpRequest(options)
      .on('upgrade', (_answer, own) => resolve(own))
      .on('error', reject)
      .end();
  });
  socket.destroy();

  expect(app.seen.length).toBeGreaterThanOrEqual(7);
  const everything = app.seen.join('\n');
  for (const secret of credentials.secrets) expect(everything).not.toContain(secret);
  expect(everything).toContain('a=1; b=2');
  expect(planted.headers['set-cookie']).toEqual(['theirs=1']);
});
