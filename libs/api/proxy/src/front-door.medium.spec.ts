import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, ask, handshake, open, speak, until } from './testing/client';
import { appRoute, openDoor, type TestDoor } from './testing/door';
import { credentials } from './testing/fake-gate';
import { startUpstream, type Upstream } from './testing/upstream';

let app: Upstream;
let door: TestDoor;
const page = { Accept: 'text/html' };

beforeAll(async () => {
  app = await startUpstream();
  door = await openDoor([
    appRoute({ appPort: app.port }),
    appRoute({ instanceId: 8, slug: 'off', name: 'Off <b>', status: 'stopped' }),
    appRoute({ instanceId: 9, slug: 'dead', name: 'Dead', appPort: 1 }),
  ]);
});
afterAll(async () => {
  await door.door.close();
  await app.close();
});

/** As a browser that is in, on an app's own origin. */
const visit = (path: string, more: Parameters<typeof ask>[0] | object = {}, slug = 'echo', id = 7): Promise<Answer> => {
  const { headers, ...rest } = more as { headers?: Record<string, string> };
  const own = { Host: `${slug}.localhost:${door.port}`, Cookie: credentials.app(id) };
  return ask({ port: door.port, path, headers: { ...own, ...headers }, ...rest });
};
const seenBy = (answer: Answer) =>
  JSON.parse(answer.body) as { method: string; url: string; rawHeaders: string[]; body: string };

describe('what a request is for', () => {
  it('gives the console its own requests', async () => {
    expect((await ask({ port: door.port, path: '/api/health' })).body).toBe('console /api/health');
  });

  it('listens on both loopback addresses', async () => {
    const answer = await fetch(`http://[::1]:${door.port}/x`);
    expect(await answer.text()).toBe('console /x');
  });

  it.each(['localhost', 'echo.localhost'])('lets nobody in while the server starts: %s', async (host) => {
    const booting = await openDoor([appRoute()], false);
    const headers = { Host: `${host}:${booting.port}`, Authorization: credentials.bearer };
    const answer = await ask({ port: booting.port, path: '/', headers });
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '2']);
    expect(answer.body).toContain('AiKore is starting');
    expect(await speak(booting.port, handshake('/', headers))).toContain('503');
    await booting.door.close();
  });

  it('says that it ends, not that it starts, to a connection that is left', async () => {
    const { door: ending, port } = await openDoor([]);
    const { socket, received } = open(port, 'GET / HTTP/1.1\r\nHost: localhost\r\n');
    await until(() => socket.bytesWritten > 0 && !socket.connecting, 'half a request');
    const closed = ending.close();
    socket.write('\r\n');
    await until(() => received().includes('AiKore is ending'), 'its answer');
    await closed;
    socket.destroy();
  });

  it('knows nobody under an unknown name, and says so to those who may see apps', async () => {
    const headers = { Authorization: credentials.bearer };
    expect((await visit('/', { headers }, 'nobody')).status).toBe(404);
    expect((await ask({ port: door.port, path: '/instance/nobody/x', headers })).status).toBe(404);
    const session = { Cookie: credentials.session };
    expect((await ask({ port: door.port, path: '/instance/nobody/x', headers: session })).status).toBe(404);
  });

  it.each(['', '/__aikore/enter?ticket=x', '/__aikore/other', '/a?b=c'])(
    'does not tell a stranger which apps there are: %s',
    async (path) => {
      const stripped = ({ status, headers, body }: Answer) => [status, { ...headers, date: '' }, body];
      const at = (host: string, prefix: string) =>
        ask({ port: door.port, path: prefix + path || '/', headers: { Host: `${host}:${door.port}` } });
      expect(stripped(await at('nobody.localhost', ''))).toEqual(stripped(await at('echo.localhost', '')));
      expect(stripped(await at('localhost', '/instance/nobody'))).toEqual(
        stripped(await at('localhost', '/instance/echo')),
      );
      const upgrade = (host: string) => speak(door.port, handshake(path || '/', { Host: host }));
      expect(await upgrade('nobody.localhost')).toBe(await upgrade('echo.localhost'));
    },
  );

  it('has every denial of a stranger recorded', async () => {
    door.gate.denials.length = 0;
    await ask({ port: door.port, path: '/a', headers: { Host: 'echo.localhost' } });
    await ask({ port: door.port, path: '/b', headers: { Host: 'nobody.localhost' } });
    await ask({ port: door.port, path: '/instance/echo/c' });
    await ask({ port: door.port, path: '/instance/nobody/d' });
    await speak(door.port, handshake('/e', { Host: 'echo.localhost' }));
    await speak(door.port, handshake('/instance/echo/f', { Host: 'localhost' }));
    await ask({ port: door.port, path: '/__aikore/enter?ticket=x', headers: { Host: 'echo.localhost' } });
    await ask({ port: door.port, path: '/login' });
    expect(door.gate.denials).toEqual([
      ...['/a 7', '/b 0', '/instance/echo/c console', '/instance/nobody/d console'],
      ...['/e 7', '/instance/echo/f console'],
    ]);
  });

  it.each(['echo', 'nobody'])('lets the gate judge the Host: /instance/%s/', async (slug) => {
    await door.proxy.apply([...door.proxy.table.byId.values()]);
    const answer = await ask({ port: door.port, path: `/instance/${slug}/`, headers: { Host: 'evil.example' } });
    expect(answer.status).toBe(421);
  });
});

describe('an app on its own origin', () => {
  it('is for visitors who came in only', async () => {
    const headers = { Host: `echo.localhost:${door.port}` };
    const stranger = await ask({ port: door.port, path: '/echo', headers });
    expect([stranger.status, JSON.parse(stranger.body).error.code]).toEqual([401, 'unauthenticated']);
    const person = await ask({ port: door.port, path: '/echo', headers: { ...headers, ...page } });
    expect(person.status).toBe(401);
    expect(person.body).toContain(`href="http://localhost:${door.port}/"`);
    expect(person.headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('serves them', async () => {
    const answer = await visit('/echo?a=1&b=%20', { method: 'PUT', body: 'hello', headers: { 'X-Mine': 'yes' } });
    expect(seenBy(answer)).toMatchObject({ method: 'PUT', url: '/echo?a=1&b=%20', body: 'hello' });
    const raw = seenBy(answer).rawHeaders;
    expect(raw).toEqual(expect.arrayContaining(['X-Mine', 'yes', 'X-Forwarded-For', '127.0.0.1']));
    expect(raw).toEqual(expect.arrayContaining(['X-Forwarded-Host', `echo.localhost:${door.port}`]));
  });

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])('passes %s on', async (method) => {
    const answer = await visit('/echo', { method, body: method === 'GET' ? undefined : 'x'.repeat(300) });
    expect(seenBy(answer)).toMatchObject({ method, body: method === 'GET' ? '' : 'x'.repeat(300) });
  });

  it('passes on answers without a body', async () => {
    const head = await visit('/bytes?n=1000', { method: 'HEAD' });
    expect([head.status, head.headers['content-length'], head.body]).toEqual([200, '1000', '']);
    expect((await visit('/empty')).status).toBe(204);
    expect((await visit('/not-modified')).headers.etag).toBe('"a"');
  });

  it('passes on a body of unknown length and its trailers', async () => {
    expect((await visit('/bytes?n=100000&chunked')).body.length).toBe(100_000);
    const answer = await visit('/trailers');
    expect([answer.body, answer.trailers['x-sum']]).toEqual(['ok', '42']);
  });

  it('skips interim answers, keeps odd bytes of headers', async () => {
    expect((await visit('/hints')).body).toBe('ok');
    const odd = await visit('/odd-header');
    expect([odd.body, odd.headers['x-odd']]).toEqual(['ok', 'éÿ']);
  });

  it('answers 100-continue and lets the upload go on', async () => {
    const head = `POST /count HTTP/1.1\r\nHost: echo.localhost\r\nCookie: ${credentials.app(7)}\r\n`;
    const { socket, received } = open(door.port, `${head}Content-Length: 5\r\nExpect: 100-continue\r\n\r\n`);
    await until(() => received().includes('100 Continue'), 'the interim answer');
    socket.write('hello');
    await until(() => received().endsWith('\r\n\r\n5'), 'the answer');
    socket.destroy();
  });

  it('lets an early answer through in the middle of an upload', async () => {
    const answer = await visit('/early', { method: 'POST', body: Buffer.alloc(4_000_000) });
    expect([answer.status, answer.body]).toEqual([413, 'too large']);
  });

  it('rewrites a redirect to the private address', async () => {
    expect((await visit('/redirect')).headers.location).toBe(`http://echo.localhost:${door.port}/there?x=1`);
  });

  it('serves pipelined requests in order', async () => {
    const one = (path: string, more = '') =>
      `GET ${path} HTTP/1.1\r\nHost: echo.localhost\r\nCookie: ${credentials.app(7)}\r\n${more}\r\n`;
    const text = await speak(door.port, one('/bytes?n=3') + one('/count') + one('/bytes?n=2', 'Connection: close\r\n'));
    expect(text.split(/HTTP\/1\.1 200 OK\r\n/).map((part) => part.split('\r\n\r\n')[1])).toEqual([
      undefined,
      'xxx',
      '0',
      'xx',
    ]);
  });
});

describe('an app that does not answer', () => {
  it('has a waiting page for a person and 503 for a program', async () => {
    const person = await visit('/a', { headers: page }, 'dead', 9);
    expect([person.status, person.headers['retry-after']]).toEqual([503, '2']);
    expect(person.body).toContain('http-equiv="refresh" content="2"');
    const program = await visit('/a', {}, 'dead', 9);
    expect([program.status, JSON.parse(program.body).error.code]).toEqual([503, 'unavailable']);
  });

  it('is not even asked when it is stopped', async () => {
    const answer = await visit('/', { headers: page }, 'off', 8);
    expect(answer.status).toBe(503);
    expect(answer.body).toContain('Off &lt;b&gt;');
    expect(answer.body).toContain('is stopped');
    expect(answer.body).not.toMatch(/app-secret|session-secret/);
  });

  it('takes an upload off the connection, which goes on', async () => {
    const head = `Host: dead.localhost\r\nCookie: ${credentials.app(9)}\r\n`;
    const upload = `POST /a HTTP/1.1\r\n${head}Content-Length: 500000\r\n\r\n${'u'.repeat(500_000)}`;
    const text = await speak(door.port, `${upload}GET /b HTTP/1.1\r\n${head}Connection: close\r\n\r\n`);
    expect(text.match(/HTTP\/1\.1 503/g)).toHaveLength(2);
  });

  it.each([
    ['/nonsense', 502],
    ['/big-head', 502],
    ['/broken?n=0', 502],
  ])('%s is answered with %i', async (path, status) => {
    const answer = await visit(path, { method: 'POST' });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body).error.message).toContain('Echo');
  });

  it.each(['/broken?n=5000', '/short'])('%s breaks the visitor off as well', async (path) => {
    await expect(visit(path)).rejects.toThrow(/aborted|hang up|reset/i);
  });
});

describe('upgrades', () => {
  const own = () => ({ Host: `echo.localhost:${door.port}`, Cookie: credentials.app(7) });

  it('echo', async () => {
    const { socket, received } = open(door.port, `${handshake('/ws', own())}early`);
    await until(() => received().endsWith('early'), 'the bytes sent with the handshake');
    expect(received()).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
    socket.write('more');
    await until(() => received().endsWith('earlymore'), 'the echo');
    const before = app.sockets.size;
    socket.resetAndDestroy();
    await until(() => app.sockets.size < before, 'the app to lose its socket too');
  });

  it('end with the session that they were opened with', async () => {
    const { socket, received } = open(door.port, handshake('/ws', own()));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await until(() => received().includes('101'), 'the handshake');
    door.events.emit('credential.ended', { credential: 'somebody else' });
    expect(socket.destroyed).toBe(false);
    door.events.emit('credential.ended', { credential: 'session' });
    await closed;
  });

  it('relay a refusal of the app, without cookies of ours', async () => {
    const text = await speak(door.port, handshake('/refuse', own()));
    expect(text).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
    expect(text.endsWith('nope')).toBe(true);
    expect(text).not.toContain('aikore_');
  });

  it.each([
    ['a stranger', '/ws', { Host: 'echo.localhost' }, 401],
    ['no app, for a stranger', '/ws', { Host: 'nobody.localhost' }, 401],
    ['no app', '/ws', { Host: 'nobody.localhost', Authorization: credentials.bearer }, 404],
    ['an app that is stopped', '/ws', { Host: 'off.localhost', Cookie: credentials.app(8) }, 503],
    ['an app that is dead', '/ws', { Host: 'dead.localhost', Cookie: credentials.app(9) }, 503],
    ['an app that resets', '/reset', { Host: 'echo.localhost', Cookie: credentials.app(7) }, 502],
    ['a path of the console', '/elsewhere', { Host: 'localhost' }, 404],
    ['a console session below the path', '/instance/echo/ws', { Host: 'localhost', Cookie: credentials.session }, 403],
  ])('for %s are refused', async (_, path, headers, status) => {
    expect(await speak(door.port, handshake(path, headers as Record<string, string>))).toContain(`HTTP/1.1 ${status} `);
  });

  it('to HTTP/2 are passed over: the request is a plain one', async () => {
    const text = await speak(
      door.port,
      `POST /x HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\nContent-Length: 2\r\n\r\nhi` +
        'GET /y HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    );
    expect(text).toContain('console /x');
    expect(text).toContain('console /y');
  });

  it('that are passed over leave the rest of Connection as it is', async () => {
    const head = 'GET /x HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n';
    // `speak` returns when the other side closes.
    const text = await speak(door.port, `${head}Connection: Upgrade, close, HTTP2-Settings\r\n\r\n`);
    expect(text).toContain('console /x');
    expect(text).toMatch(/^connection: close\r$/im);
  });

  it('to the console reach its socket server', async () => {
    door.console.once('upgrade', (_request, socket) => socket.end('HTTP/1.1 101 Hello\r\n\r\n'));
    expect(await speak(door.port, handshake('/socket.io/?x', { Host: 'localhost' }))).toContain('101 Hello');
  });
});

describe('the way in', () => {
  const identity = { userId: 1, username: 'ada', role: 'admin', via: 'session', credential: 'x' } as const;
  const openUrl = (name: string, path = '/ui?x=1') =>
    door.proxy.openUrl(7, identity, { name, port: door.port, protocol: 'http' }, path);

  it('leads to the subdomain, sets the cookie, and works once', async () => {
    const url = new URL(openUrl('localhost') ?? '');
    expect(url.host).toBe(`echo.localhost:${door.port}`);
    const enter = () => ask({ port: door.port, path: url.pathname + url.search, headers: { Host: url.host } });
    const first = await enter();
    expect([first.status, first.headers.location]).toEqual([303, '/ui?x=1']);
    expect(first.headers['set-cookie']?.[0]).toContain(credentials.app(7));
    expect((await enter()).status).toBe(403);
  });

  it.each([
    ['/where%20is?q=a%2Fb&r=%C3%A4', '/where%20is?q=a%2Fb&r=%C3%A4'],
    ['/ä b?q=ö%', '/%C3%A4%20b?q=%C3%B6%'],
    ['/\ud800', '/'],
  ])('lands at %s as it was asked for', async (path, location) => {
    const url = new URL(openUrl('localhost', path) ?? '');
    const answer = await ask({ port: door.port, path: url.pathname + url.search, headers: { Host: url.host } });
    expect([answer.status, answer.headers.location]).toEqual([303, location]);
  });

  it.each(['//evil.example/', '/\\evil.example', 'https://evil.example/'])('never leads to %s', async (to) => {
    const ticket = new URL(openUrl('localhost') ?? '').searchParams.get('ticket');
    const path = `/__aikore/enter?ticket=${ticket}&to=${encodeURIComponent(to)}`;
    const answer = await ask({ port: door.port, path, headers: { Host: 'echo.localhost' } });
    expect([answer.status, answer.headers.location]).toEqual([303, '/']);
  });

  it('needs a public port on a network', () => {
    expect(openUrl('server.lan')).toBeNull();
    expect(openUrl('10.0.0.1')).toBeNull();
    expect(door.proxy.openUrl(99, identity, { name: 'localhost', port: 1, protocol: 'http' }, '/')).toBeNull();
  });

  it('keeps our own paths from the app', async () => {
    expect((await visit('/__aikore/other')).status).toBe(404);
  });
});

describe('/instance/<slug>/', () => {
  it('serves programs with a token, below the prefix', async () => {
    const headers = { Authorization: credentials.bearer };
    const answer = await ask({ port: door.port, path: '/instance/echo/echo?a=1', headers });
    expect(seenBy(answer).url).toBe('/echo?a=1');
    expect(seenBy(answer).rawHeaders.slice(-2)).toEqual(['X-Forwarded-Prefix', '/instance/echo']);
    expect((await ask({ port: door.port, path: '/instance/echo', headers })).headers.location).toBe('/instance/echo/');
    const redirect = await ask({ port: door.port, path: '/instance/echo/redirect', headers });
    expect(redirect.headers.location).toBe(`http://127.0.0.1:${door.port}/instance/echo/there?x=1`);
  });

  it("sends a browser with a session to the app's own origin", async () => {
    const headers = { Host: `localhost:${door.port}`, Cookie: credentials.session, ...page };
    const answer = await ask({ port: door.port, path: '/instance/echo/a/b?c=d', headers });
    const url = new URL(answer.headers.location ?? '');
    expect([answer.status, url.host, url.searchParams.get('to')]).toEqual([
      307,
      `echo.localhost:${door.port}`,
      '/a/b?c=d',
    ]);
    expect((await ask({ port: door.port, path: '/instance/echo/', headers, method: 'POST' })).status).toBe(403);
  });

  it('is closed to strangers', async () => {
    expect((await ask({ port: door.port, path: '/instance/echo/' })).status).toBe(401);
  });
});

describe('pool ports', () => {
  const freePort = async (): Promise<number> => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return port;
  };

  it('are opened, moved and closed as leased, and named when somebody else has them', async () => {
    const own = await openDoor([]);
    const [one, two] = [await freePort(), await freePort()];
    const route = (publicPort: number | null) => appRoute({ appPort: app.port, publicPort });
    const visitPort = (port: number) =>
      ask({ port, path: '/count', headers: { Cookie: credentials.app(7) } }).then(
        ({ status }) => status,
        () => 'closed',
      );

    expect(await own.proxy.apply([route(one)])).toEqual({ problems: [] });
    expect(await visitPort(one)).toBe(200);
    const stopped = { ...route(one), status: 'stopped' as const };
    await own.proxy.apply([stopped]);
    expect(await visitPort(one)).toBe(503);
    await own.proxy.apply([route(two)]);
    expect([await visitPort(one), await visitPort(two)]).toEqual(['closed', 200]);

    const stranger = createServer();
    await new Promise<void>((resolve) => stranger.listen(one, '127.0.0.1', resolve));
    own.holder.holders.set(one, { pid: 12, text: 'python3 (pid 12)' });
    const { problems } = await own.proxy.apply([route(one)]);
    expect(problems).toEqual([
      {
        instanceId: 7,
        port: one,
        message: `Port ${one} is in use by python3 (pid 12). Stop it, or give this instance another port.`,
      },
    ]);
    await new Promise((resolve) => stranger.close(resolve));
    expect(await own.proxy.apply([route(one)])).toEqual({ problems: [] });
    expect(await visitPort(one)).toBe(200);
    await own.door.close();
    expect(await visitPort(one)).toBe('closed');
  });

  it('show a stranger the way to the port that the console really has', async () => {
    const port = await freePort();
    const own = await openDoor([appRoute({ appPort: app.port, publicPort: port })]);
    const answer = await ask({ port, path: '/', headers: { Host: `server.lan:${port}`, ...page } });
    expect(answer.body).toContain(`href="http://server.lan:${own.port}/"`);
    await own.door.close();
  });

  it('are where a browser on a network is let in', async () => {
    const port = await freePort();
    const own = await openDoor([appRoute({ appPort: app.port, publicPort: port })]);
    const identity = { userId: 1, username: 'ada', role: 'admin', via: 'session', credential: 'x' } as const;
    const url = own.proxy.openUrl(7, identity, { name: 'server.lan', port: 9000, protocol: 'http' }, '/');
    expect(url).toMatch(new RegExp(`^http://server\\.lan:${port}/__aikore/enter\\?ticket=`));
    await own.door.close();
  });

  it('are where a frame of the console shows an app: only there a browser keeps its cookies', async () => {
    const port = await freePort();
    const own = await openDoor([appRoute({ appPort: app.port, publicPort: port }), appRoute({ instanceId: 8 })]);
    const identity = { userId: 1, username: 'ada', role: 'admin', via: 'session', credential: 'x' } as const;
    const console = { name: 'localhost', port: 9000, protocol: 'http' } as const;
    const url = own.proxy.openUrl(7, identity, console, '/', true);
    expect(url).toMatch(new RegExp(`^http://localhost:${port}/__aikore/enter\\?ticket=`));
    expect(await own.proxy.framing(7, console, '/')).toBe('allowed');
    expect(await own.proxy.framing(8, console, '/')).toBe('cookies');
    await own.door.close();
  });
});

describe('bad input', () => {
  it.each([
    ['garbage', '\x00\xff\x16\x03\x01garbage\r\n\r\n', '400'],
    ['TRACE', 'TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n', '405'],
    ['CONNECT', 'CONNECT example.org:443 HTTP/1.1\r\nHost: localhost\r\n\r\n', '405'],
    ['absolute-form', 'GET http://echo.localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n', '400'],
    ['two Hosts', 'GET / HTTP/1.1\r\nHost: localhost\r\nHost: echo.localhost\r\n\r\n', '400'],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', '400'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na', '400'],
    [
      'length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '400',
    ],
    ['a huge head', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`, '431'],
    [
      'an upgrade with a body',
      'POST / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 2\r\n\r\nhi',
      '400',
    ],
  ])('%s', async (_, text, status) => {
    expect(await speak(door.port, text)).toContain(`HTTP/1.1 ${status} `);
  });

  it("says who holds the console's port", async () => {
    const config = Object.assign(Object.create(null) as object, { host: '127.0.0.1', port: door.port });
    const { FrontDoor } = await import('./front-door');
    door.holder.holders.set(door.port, { pid: 9, text: 'node (pid 9)' });
    const second = new FrontDoor(config as never, door.gate, door.holder, door.proxy);
    await expect(second.listen()).rejects.toThrow(
      `Port ${door.port} is in use by node (pid 9). Stop it, or set AIKORE_PORT`,
    );
  });
});
