import { writeFile } from 'node:fs/promises';
import type { LogSearch } from '@aikore/contract';
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

const ask = (query: string) => fetch(`${server.url}/api/instances/${instance.id}/logs/search?${query}`);
const find = async (query: string) => (await (await ask(query)).json()) as LogSearch;

describe('GET /api/instances/:id/logs/search', () => {
  it('finds lines of a run in both directions, and the first error', async () => {
    instance = await server.addInstance();
    expect(await find('text=x')).toEqual({ run: null, hits: [], next: null, searched: 0, start: 0, size: 0 });
    const { run, path } = await server.beginRun(instance);
    await writeFile(path, 'one\ntwo\nValueError: no\none more\n');
    expect(await find(`run=${run.id}&text=ONE`)).toMatchObject({ run: run.id, hits: [{ offset: 0, end: 4 }] });
    expect(await find('text=one&from=4')).toMatchObject({ hits: [{ offset: 23, text: 'one more' }], next: null });
    expect(await find('text=one&back=1&from=23')).toMatchObject({ hits: [{ offset: 0 }], next: null });
    expect(await find('limit=5')).toMatchObject({ hits: [{ offset: 8, text: 'ValueError: no' }] });
    server.get(LogStarts).set(run.id, 4);
    expect(await find('text=one&limit=9')).toMatchObject({ hits: [{ offset: 23 }], start: 4 });
  });

  it('goes through a large log in bounded requests, several at a time', async () => {
    instance = await server.addInstance();
    const { path } = await server.beginRun(instance);
    const size = 8 * 1024 * 1024;
    await writeFile(path, Buffer.alloc(size, `${'\x1b[32minfo\x1b[0m x'.repeat(8)}\n`));
    const walk = async () => {
      let [from, searched]: [number | null, number] = [0, 0];
      while (from !== null) {
        const answer: LogSearch = await find(`text=nowhere&from=${from}`);
        searched += answer.searched;
        from = answer.next;
      }
      return searched;
    };
    expect(await Promise.all([walk(), walk(), walk()])).toEqual([size, size, size]);
  }, 60_000);

  it.each(['text=', `text=${'x'.repeat(201)}`, 'text=x&limit=201', 'text=x&from=-1', 'text=x&back=maybe', 'q=x'])(
    'refuses %s',
    async (query) => {
      instance = await server.addInstance();
      expect((await ask(query)).status).toBe(400);
    },
  );

  it('does not know runs of others', async () => {
    instance = await server.addInstance();
    const { run } = await server.beginRun(await server.addInstance());
    expect((await ask(`text=x&run=${run.id}`)).status).toBe(404);
  });
});
