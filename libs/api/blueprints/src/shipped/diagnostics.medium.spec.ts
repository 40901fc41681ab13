import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { parseProgressLine } from '@aikore/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, printed, start, stop } from '../testing/diagnostics-app';

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
    // xterm's typings bring the browser's streams along, which cannot be iterated.
    const body = stream.body as unknown as AsyncIterable<Uint8Array>;
    for await (const piece of body) pieces.push(Buffer.from(piece).toString());
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
});
