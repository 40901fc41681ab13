import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseProgressLine } from '@aikore/domain';
import { WebSocket } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const shipped = resolve(import.meta.dirname, '../../../../../blueprints');

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** Diagnostics.sh as the server runs it. `output` is everything it printed. */
interface App {
  folder: string;
  port: number;
  url: string;
  child: ChildProcess;
  output: () => string;
  ended: Promise<{ code: number | null; signal: string | null }>;
}

async function start(
  settings: { args?: string; env?: Record<string, string>; launchArgs?: string } = {},
): Promise<App> {
  const folder = await mkdtemp(join(tmpdir(), 'aikore-diagnostics-'));
  for (const name of ['conf', 'outputs', 'tmp']) await mkdir(join(folder, name));
  await writeFile(join(folder, 'progress'), '');
  if (settings.launchArgs) await writeFile(join(folder, 'conf', 'launch_args.txt'), settings.launchArgs);
  const port = await freePort();
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    LANG: 'C.UTF-8',
    WEBUI_PORT: String(port),
    INSTANCE_NAME: 'Ünit <b>',
    INSTANCE_CONF_DIR: join(folder, 'conf'),
    INSTANCE_OUTPUT_DIR: join(folder, 'outputs'),
    BLUEPRINT_ID: 'Diagnostics',
    SUBFOLDER: '/instance/unit/',
    TMPDIR: join(folder, 'tmp'),
    CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
    AIKORE_RUN_ID: 'run',
    AIKORE_PROGRESS_FILE: join(folder, 'progress'),
    AIKORE_BLUEPRINT_LIB: join(shipped, 'lib'),
    ...settings.env,
  };
  const args = [join(shipped, 'Diagnostics.sh'), ...(settings.args?.split(' ') ?? [])];
  const child = spawn('bash', args, { cwd: join(folder, 'conf'), env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => (output += data.toString()));
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as string | null,
  }));
  return { folder, port, url: `http://127.0.0.1:${port}`, child, output: () => output, ended };
}

async function printed(app: App, text: string): Promise<void> {
  const controller = new AbortController();
  void app.ended.then(() => controller.abort());
  while (!app.output().includes(text)) {
    if (!app.child.stdout) throw new Error('no output to read');
    await once(app.child.stdout, 'data', { signal: controller.signal }).catch(() => {
      if (!app.output().includes(text)) throw new Error(`It ended without printing "${text}": ${app.output()}`);
    });
  }
}

async function stop(app: App): Promise<void> {
  if (app.child.exitCode === null && app.child.signalCode === null) app.child.kill('SIGKILL');
  await app.ended;
  await rm(app.folder, { recursive: true, force: true });
}

interface Echo {
  line: string;
  method: string;
  target: string;
  headers: [string, string][];
  chunked: boolean;
  body: string;
  bytes: number;
  sha256: string;
}
const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');

describe('Diagnostics', () => {
  let app: App;
  const get = (path: string, init?: RequestInit) => fetch(app.url + path, { redirect: 'manual', ...init });
  const json = async <T>(path: string, init?: RequestInit): Promise<T> => (await get(path, init)).json() as Promise<T>;

  beforeAll(async () => {
    app = await start();
    await printed(app, 'Diagnostics listens on');
  });
  afterAll(() => stop(app));

  it('reported its launch, and listens on loopback only', async () => {
    const [line = ''] = (await readFile(join(app.folder, 'progress'), 'utf8')).split('\n');
    expect(parseProgressLine(line)).toMatchObject({ phase: 'launch', text: expect.stringContaining(String(app.port)) });
    const socket = connect(app.port, '127.0.0.2');
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });

  it('serves a self-contained page with a strict policy, at the root and below SUBFOLDER', async () => {
    for (const prefix of ['', '/instance/unit']) {
      const page = await get(`${prefix}/`);
      expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'self'/);
      const html = await page.text();
      expect(html).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=|style=|https?:/);
      for (const [, link = ''] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
        expect(link).not.toMatch(/^\//);
        expect((await get(`${prefix}/${link}`)).status).toBe(200);
      }
      expect((await get(`${prefix}/probes.js`)).headers.get('content-type')).toMatch(/javascript/);
    }
    expect((await get('/../__main__.py')).status).toBe(404);
    expect((await get('/nothing')).status).toBe(404);
  });

  it('checks its environment', async () => {
    const report = await json<{
      instance: string;
      variables: { name: string; value: string | null; state: string }[];
      checks: { name: string; state: string; reason: string }[];
    }>('/api/report');
    expect(report.instance).toBe('Ünit <b>');
    expect(report.variables).toContainEqual(expect.objectContaining({ name: 'WEBUI_PORT', value: String(app.port) }));
    expect(report.variables.filter(({ state }) => state === 'bad')).toEqual([]);
    expect(report.checks.map(({ name }) => name)).toEqual([
      'App port',
      'GPU pin',
      'Instance folder',
      'Output folder',
      'Temporary folder',
      'Sub-folder',
      'Secrets',
    ]);
    expect(report.checks.filter(({ state }) => state === 'bad')).toEqual([]);
  });

  it('echoes the request as it saw it', async () => {
    const echo = await json<Echo>('/echo?a=%2F..%2F&b=x+y', {
      method: 'PUT',
      body: 'ä ✓',
      headers: { 'X-Odd': 'yes' },
    });
    expect(echo).toMatchObject({ line: 'PUT /echo?a=%2F..%2F&b=x+y HTTP/1.1', body: 'ä ✓', bytes: 6, chunked: false });
    expect(echo.headers.map(([name, value]) => [name.toLowerCase(), value])).toContainEqual(['x-odd', 'yes']);
    for (const method of ['GET', 'POST', 'PATCH', 'DELETE', 'OPTIONS']) {
      expect((await json<Echo>('/echo', { method })).method).toBe(method);
    }
  });

  it('counts and hashes uploads, with a length and in chunks', async () => {
    const data = randomBytes(5_000_000);
    const expected = { bytes: data.length, sha256: sha256(data) };
    expect(await json('/upload', { method: 'POST', body: new Uint8Array(data) })).toMatchObject(expected);
    const body = new Blob([data.subarray(0, 3_000_001), data.subarray(3_000_001)]).stream();
    const init = { method: 'PUT', body, duplex: 'half' } as RequestInit;
    expect(await json('/upload', init)).toMatchObject(expected);
  });

  it('serves downloads of any size, and ranges of them', async () => {
    const whole = Buffer.from(await (await get('/download?bytes=3000001')).arrayBuffer());
    expect(whole).toHaveLength(3_000_001);
    const part = await get('/download?bytes=3000001', { headers: { Range: 'bytes=1048570-2097200' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 1048570-2097200/3000001']);
    expect(Buffer.from(await part.arrayBuffer()).equals(whole.subarray(1_048_570, 2_097_201))).toBe(true);
    const tail = await get('/download?bytes=10', { headers: { Range: 'bytes=-3' } });
    expect(tail.headers.get('content-range')).toBe('bytes 7-9/10');
    expect((await get('/download?bytes=10', { headers: { Range: 'bytes=10-' } })).status).toBe(416);
    expect((await get('/download?bytes=1e99')).status).toBe(400);
    const head = await get('/download?bytes=1000000000000', { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe('1000000000000');
  });

  it('streams lines and events as they come', async () => {
    const stream = await get('/stream?seconds=0.4&every=0.1');
    const pieces: string[] = [];
    for await (const piece of stream.body ?? []) pieces.push(Buffer.from(piece).toString());
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.join('')).toMatch(/^line 1 after 0\.0\d+ s\nline 2 .*\nend after 0\.4\d* s\n$/s);
    const events = await get('/events?count=3&every=0.01');
    expect(events.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect((await events.text()).match(/^event: .*$/gm)).toEqual(
      ['tick', 'tick', 'tick', 'done'].map((n) => `event: ${n}`),
    );
    expect((await get('/stream?seconds=nan')).status).toBe(400);
  });

  it('redirects in each way that apps do', async () => {
    const locations = ['relative', 'absolute', 'full'].map(async (to) =>
      (await get(`/redirect?to=${to}`)).headers.get('location'),
    );
    expect(await Promise.all(locations)).toEqual([
      'landed?from=relative',
      '/landed?from=absolute',
      `${app.url}/landed?from=full`,
    ]);
    expect((await get('/redirect?code=307')).status).toBe(307);
    expect((await get('/redirect?to=elsewhere')).status).toBe(400);
    expect(await json('/redirect?to=full', { redirect: 'follow' })).toMatchObject({ from: 'full' });
  });

  it('answers with any status, and sets a cookie of its own', async () => {
    for (const code of [204, 304, 404, 503]) expect((await get(`/status?code=${code}`)).status).toBe(code);
    const cookie = await get('/cookie');
    const { value } = (await cookie.json()) as { value: string };
    expect(cookie.headers.get('set-cookie')).toContain(`diagnostics=${value};`);
  });

  it('answers broken requests with 400 and goes on', async () => {
    const ask = async (text: string) => {
      const socket = connect(app.port, '127.0.0.1');
      socket.end(text);
      let answer = '';
      for await (const data of socket) answer += String(data);
      return answer;
    };
    expect(await ask('POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/);
    const chunked = 'POST /upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(await ask(`${chunked}zz\r\n`)).toMatch(/^HTTP\/1\.1 400/);
    expect(await ask(`${chunked}5\r\nab`)).toMatch(/the connection ended within the body/);
    expect(await ask('nonsense\r\n\r\n')).toMatch(/400/);
    expect((await get('/health')).status).toBe(200);
  });

  describe('WebSocket', () => {
    const open = async (query = '') => {
      const socket = new WebSocket(`ws://127.0.0.1:${app.port}/ws${query}`);
      socket.binaryType = 'arraybuffer';
      const inbox: unknown[] = [];
      let wake = () => {};
      socket.addEventListener('message', ({ data }) => (inbox.push(data), wake()));
      socket.addEventListener('close', ({ code, reason }) => (inbox.push({ code, reason }), wake()));
      await new Promise<void>((opened, failed) => {
        socket.addEventListener('open', () => opened());
        socket.addEventListener('error', () => failed(new Error('refused')));
      });
      const next = async () => {
        while (inbox.length === 0) await new Promise<void>((resume) => (wake = resume));
        return inbox.shift();
      };
      return { socket, next };
    };

    it('echoes text and binary of every length class, and closes', async () => {
      const { socket, next } = await open();
      for (const text of ['', 'ä ✓ 😀', 'x'.repeat(125), 'x'.repeat(126), 'x'.repeat(65_536)]) {
        socket.send(text);
        expect(await next()).toBe(text);
      }
      const data = randomBytes(1_000_001);
      socket.send(data);
      expect(Buffer.from((await next()) as ArrayBuffer).equals(data)).toBe(true);
      socket.close(4000, 'bye');
      expect(await next()).toEqual({ code: 4000, reason: '' });
    });

    it('sends fragments, pings, and close codes on request', async () => {
      const pieces = await open('?mode=fragment');
      pieces.socket.send('one message in three frames');
      expect(await pieces.next()).toBe('one message in three frames');
      const ping = await open('?mode=ping');
      expect(await ping.next()).toBe('pong diagnostics');
      const close = await open('?mode=close&code=4321&reason=done');
      expect(await close.next()).toEqual({ code: 4321, reason: 'done' });
      for (const { socket, next } of [pieces, ping]) {
        socket.close();
        await next();
      }
    });

    /** A raw connection after the handshake: `send` takes [first byte, payload], masked by zeros. */
    const raw = async () => {
      const socket: Socket = connect(app.port, '127.0.0.1');
      socket.write(
        'GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      );
      let received = Buffer.alloc(0);
      const headEnd = () => received.indexOf('\r\n\r\n');
      const more = async () => {
        const [data] = (await once(socket, 'data')) as [Buffer];
        received = Buffer.concat([received, data]);
      };
      while (headEnd() < 0) await more();
      expect(received.toString('latin1')).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
      received = received.subarray(headEnd() + 4);
      const frame = (first: number, payload: string) =>
        Buffer.concat([Buffer.from([first, 0x80 | payload.length, 0, 0, 0, 0]), Buffer.from(payload, 'latin1')]);
      return {
        send: (...frames: [number, string][]) => socket.write(Buffer.concat(frames.map(([f, p]) => frame(f, p)))),
        write: (bytes: number[]) => socket.write(Buffer.from(bytes)),
        read: async (length: number) => {
          while (received.length < length) await more();
          const taken = received.subarray(0, length).toString('latin1');
          received = received.subarray(length);
          return taken;
        },
        end: () => socket.destroy(),
      };
    };

    it('puts fragments together around a ping, and answers ping and close', async () => {
      const peer = await raw();
      peer.send([0x01, 'ab'], [0x89, 'p'], [0x00, 'c'], [0x80, 'd'], [0x88, '\x0f\xa0bye']);
      expect(await peer.read(3 + 6 + 4)).toBe('\x8a\x01p\x81\x04abcd\x88\x02\x0f\xa0');
      peer.end();
    });

    it.each([
      ['an unmasked frame', [0x81, 0x01, 0x61], 1002],
      ['reserved bits', [0xc1, 0x80, 0, 0, 0, 0], 1002],
      ['an unknown opcode', [0x83, 0x80, 0, 0, 0, 0], 1002],
      ['a stray continuation', [0x80, 0x80, 0, 0, 0, 0], 1002],
      ['a new message inside another', [0x01, 0x80, 0, 0, 0, 0, 0x81, 0x80, 0, 0, 0, 0], 1002],
      ['a fragmented ping', [0x09, 0x80, 0, 0, 0, 0], 1002],
      ['text that is not UTF-8', [0x81, 0x81, 0, 0, 0, 0, 0xff], 1007],
      ['a message without end', [0x82, 0xff, 0, 0, 0xff, 0, 0, 0, 0, 0], 1009],
    ])('closes on %s', async (_, bytes, code) => {
      const peer = await raw();
      peer.write(bytes);
      const frame = Buffer.from(await peer.read(4), 'latin1');
      expect([frame[0], frame.readUInt16BE(2)]).toEqual([0x88, code]);
      peer.end();
    });

    it('asks for an upgrade where there is none', async () => {
      expect((await get('/ws')).status).toBe(426);
    });
  });
});

describe('Diagnostics as a process', () => {
  const apps: App[] = [];
  const launch = async (settings?: Parameters<typeof start>[0]) => {
    const app = await start(settings);
    apps.push(app);
    return app;
  };
  beforeEach(() => void apps.splice(0));
  afterEach(() => Promise.all(apps.map(stop)));

  it('ends cleanly on TERM, and tells open WebSockets', async () => {
    const app = await launch();
    await printed(app, 'listens on');
    const socket = new WebSocket(`ws://127.0.0.1:${app.port}/ws`);
    await new Promise((opened) => socket.addEventListener('open', opened));
    const closed = new Promise<number>((told) => socket.addEventListener('close', ({ code }) => told(code)));
    app.child.kill('SIGTERM');
    expect(await app.ended).toEqual({ code: 0, signal: null });
    expect(await closed).toBe(1001);
    expect(app.output()).toMatch(/Diagnostics ends with exit code 0\n$/);
  });

  it('waits before it is ready, from the environment, and can be stopped meanwhile', async () => {
    const app = await launch({ env: { DIAGNOSTICS_READY_AFTER: '60' } });
    await printed(app, 'Waiting 60 s');
    await expect(fetch(app.url)).rejects.toThrow();
    app.child.kill('SIGTERM');
    expect(await app.ended).toEqual({ code: 0, signal: null });
  });

  it('ends by itself with a code, from launch_args.txt; the command line counts most', async () => {
    const launchArgs = '# an experiment\n--exit-after 0.1 \\\n --exit-code "7"\n';
    expect(await (await launch({ launchArgs })).ended).toEqual({ code: 7, signal: null });
    expect(await (await launch({ launchArgs, args: '--exit-code 9' })).ended).toEqual({ code: 9, signal: null });
  });

  it('prints lines at a rate', async () => {
    const app = await launch({ args: '--spew 2000 --exit-after 0.5' });
    await app.ended;
    const numbers = [...app.output().matchAll(/^spew (\d+) \d{13}$/gm)].map(([, number]) => Number(number));
    expect(numbers.length).toBeGreaterThan(300);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  it.each(['--exit-code 300', '--ready-after -1', '--spew many', '--unheard-of'])('refuses %s', async (args) => {
    const app = await launch({ args });
    expect(await app.ended).toEqual({ code: 2, signal: null });
    expect(app.output()).toMatch(/usage: Diagnostics/);
  });

  it('says when its port is taken', async () => {
    const first = await launch();
    await printed(first, 'listens on');
    const second = await launch({ env: { WEBUI_PORT: String(first.port) } });
    expect(await second.ended).toEqual({ code: 1, signal: null });
    expect(second.output()).toMatch(/Port \d+ of 127\.0\.0\.1 cannot be opened: Address already in use/);
  });

  it('says what is wrong in its environment', async () => {
    const app = await launch({
      env: { INSTANCE_OUTPUT_DIR: '/nowhere/x', AIKORE_ADMIN_PASSWORD_FILE: 'x', SUBFOLDER: '' },
    });
    await printed(app, 'listens on');
    const { checks } = (await (await fetch(`${app.url}/api/report`)).json()) as {
      checks: { name: string; state: string }[];
    };
    const bad = checks.filter(({ state }) => state === 'bad').map(({ name }) => name);
    expect(bad).toEqual(['Output folder', 'Sub-folder', 'Secrets']);
  });
});
