import { appendFile, mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { logHeaders } from '@aikore/contract';
import type { InstanceEntity } from '@aikore/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LogStarts } from '../files/log-starts';
import { LogsApp } from '../testing/logs-app';

let server: LogsApp;
let instance: InstanceEntity;
beforeAll(async () => {
  server = await LogsApp.start();
});
afterAll(() => server.close());

const get = (query = '', id = instance.id) => fetch(`${server.url}/api/instances/${id}/logs${query}`);
const offsets = ({ headers }: Response) =>
  [logHeaders.offset, logHeaders.next, logHeaders.size].map((name) => Number(headers.get(name)));

describe('GET /api/instances/:id/logs', () => {
  it('answers with nothing for an instance that never ran', async () => {
    instance = await server.addInstance();
    const answer = await get();
    expect(answer.status).toBe(200);
    expect(answer.headers.get(logHeaders.run)).toBeNull();
    expect(offsets(answer)).toEqual([0, 0, 0]);
    expect(await answer.text()).toBe('');
  });

  it('reads a range, a tail cut at a line start, and past the end', async () => {
    instance = await server.addInstance();
    const { run, path } = await server.beginRun(instance);
    await writeFile(path, 'first\nsecond\nthird\n');
    const all = await get();
    expect(all.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(all.headers.get('x-content-type-options')).toBe('nosniff');
    expect(all.headers.get(logHeaders.run)).toBe(run.id);
    expect(offsets(all)).toEqual([0, 19, 19]);
    const part = await get('?from=3&limit=4');
    expect(await part.text()).toBe('st\ns');
    expect(offsets(part)).toEqual([3, 7, 19]);
    const tail = await get('?tail=8');
    expect(await tail.text()).toBe('third\n');
    expect(offsets(tail)).toEqual([13, 19, 19]);
    expect(await (await get('?tail=6')).text()).toBe('third\n');
    const beyond = await get('?from=500');
    expect(await beyond.text()).toBe('');
    expect(offsets(beyond)).toEqual([19, 19, 19]);
    await appendFile(path, 'fourth\n');
    expect(await (await get('?from=19')).text()).toBe('fourth\n');
  });

  it('answers with the bytes as they are, split characters and invalid UTF-8 included', async () => {
    instance = await server.addInstance();
    const { path } = await server.beginRun(instance);
    const bytes = Buffer.from([0xf0, 0x9f, 0x98, 0x80, 0xff, 0x00, 0xc3, 0x0a]);
    await writeFile(path, bytes);
    expect(Buffer.from(await (await get('?from=2')).arrayBuffer())).toEqual(bytes.subarray(2));
  });

  it('begins at the first kept byte', async () => {
    instance = await server.addInstance();
    const { run, path } = await server.beginRun(instance);
    await writeFile(path, 'dropped\nkept\n');
    server.get(LogStarts).set(run.id, 8);
    const answer = await get('?from=2');
    expect(await answer.text()).toBe('kept\n');
    expect(offsets(answer)).toEqual([8, 13, 13]);
    expect(await (await get('?download=1')).text()).toContain('8 bytes (0-8) were dropped');
  });

  it('downloads a whole run as a file with a safe name', async () => {
    instance = await server.addInstance();
    const { run, path } = await server.beginRun(instance);
    const data = 'x'.repeat(9_999_999) + '\n';
    await writeFile(path, data);
    const answer = await get(`?run=${run.id}&download=true`);
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="app-[0-9a-f]{8}-[0-9T-]{19}-[0-9a-f]{8}\.log"$/,
    );
    expect(await answer.text()).toBe(data);
  });

  it('keeps working for a run whose file is gone, cut, or something else', async () => {
    instance = await server.addInstance();
    const { path } = await server.beginRun(instance);
    await writeFile(path, 'text');
    await truncate(path, 0);
    expect((await get('?from=2')).status).toBe(200);
    await rm(path);
    expect(await (await get('?download=1')).text()).toBe('[AiKore: there is no log of this run]\n');
    const refused = async (sentence: RegExp): Promise<void> => {
      const [answer, download] = [await get(), await get('?download=1')];
      expect([answer.status, await answer.text()]).toEqual([409, expect.stringMatching(sentence)]);
      expect(await download.text()).toMatch(sentence);
    };
    await symlink('/etc/passwd', path);
    await refused(/is a link, and links are not followed there/);
    await rm(path);
    await mkdir(path);
    await refused(/is something else than a file.*Move it away/);
  });

  it.each([
    ['?run=unknown', 404],
    ['?run=..%2F..%2Faikore.db', 404],
    ['?from=-1', 400],
    ['?from=1&tail=1', 400],
    ['?limit=99999999', 400],
    ['?tail=abc', 400],
    ['?download=perhaps', 400],
  ])('refuses %s', async (query, status) => {
    instance = await server.addInstance();
    const answer = await get(query);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: { message: expect.stringMatching(/\w/) } });
  });

  it('names the field when the beginning is given twice', async () => {
    instance = await server.addInstance();
    const { error } = (await (await get('?from=1&tail=1')).json()) as { error: { fields: unknown } };
    expect(error.fields).toEqual([{ path: 'query.tail', message: 'must not be given together with from' }]);
  });

  it('does not know other instances, nor the runs of another one', async () => {
    instance = await server.addInstance();
    const { run } = await server.beginRun(await server.addInstance());
    expect((await get('', 999_999)).status).toBe(404);
    expect((await get(`?run=${run.id}`)).status).toBe(404);
  });
});

describe('GET /api/instances/:id/runs', () => {
  it('lists the runs, newest first, with the size of their logs', async () => {
    instance = await server.addInstance();
    const runs = () => fetch(`${server.url}/api/instances/${instance.id}/runs`).then((answer) => answer.json());
    expect(await runs()).toEqual([]);
    const first = await server.beginRun(instance, { started_at: '2026-01-01T00:00:00.000Z' });
    await writeFile(first.path, 'one\n');
    await server.endRun(instance, first.run.id);
    const second = await server.beginRun(instance, { started_at: '2026-01-02T00:00:00.000Z' });
    await writeFile(second.path, 'three\n');
    expect(await runs()).toMatchObject([
      { id: second.run.id, ended_at: null, log_start: 0, log_size: 6 },
      { id: first.run.id, exit_code: 0, reason: 'exited', log_start: 0, log_size: 4 },
    ]);
    expect((await fetch(`${server.url}/api/instances/999999/runs`)).status).toBe(404);
  });
});
