import { cp, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type AdoptionNote, routes } from '@aikore/contract';
import { Cli, fakeWebui, legacyFixturesDir, TestServer } from '@aikore/testing';

type Value = string | number | null;
const fixtures = JSON.parse(readFileSync(join(legacyFixturesDir, 'fixtures.json'), 'utf8')) as Record<
  string,
  { columns: string[]; rows: Record<string, Value>[] }
>;
/** What the old server was doing: no value of an instance. */
const momentary = new Set(['status', 'pid']);
const flags = new Set(['persistent_mode', 'autostart', 'use_custom_hostname']);

const valueNow = (column: string, value: Value): unknown => (flags.has(column) ? value === 1 : value);
/** The instance that the test starts: a standard one of every version. */
const startedId = 2;

/** The old server named the folder after the instance; a name with a slash is no name of one folder. */
const isFolderName = (name: Value | undefined): boolean => !String(name).includes('/');

async function legacyFolder(file: string): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'aikore-e2e-'));
  await cp(join(legacyFixturesDir, file), join(dataDir, 'aikore.db'));
  for (const { name } of fixtures[file]?.rows ?? []) {
    if (!isFolderName(name)) continue;
    const folder = join(dataDir, 'instances', String(name));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'launch.sh'), `#!/bin/bash\necho "as I left it"\n${fakeWebui()}\n`);
    await writeFile(join(folder, 'a-file-of-the-app'), String(name));
  }
  return dataDir;
}

for (const file of Object.keys(fixtures)) {
  test(`${file} is taken over in one start, with every row, and its instances start`, async () => {
    const { columns, rows } = fixtures[file] as (typeof fixtures)[string];
    const server = await TestServer.start({
      dataDir: await legacyFolder(file),
      env: { AIKORE_INSTANCE_PORT_RANGE: '19001-19020' },
    });
    try {
      await server.setUp();
      const listed = await server.list();
      expect(listed.map(({ id }) => id).sort()).toEqual(rows.map(({ id }) => id).sort());
      for (const row of rows) {
        const now = listed.find(({ id }) => id === row['id']) as unknown as Record<string, unknown>;
        for (const column of columns) {
          if (momentary.has(column)) continue;
          expect([row['id'], column, now[column]]).toEqual([row['id'], column, valueNow(column, row[column] ?? null)]);
        }
        if (isFolderName(row['name'])) expect(now['directory']).toBe(row['name']);
        else expect(now['directory']).toMatch(/^[\w.-]+$/);
      }
      const notes = await server.api.call(routes.listAdoptionNotes);
      expect(notes.map(({ field }) => field)).toEqual(expect.arrayContaining(['directory', 'status']));
      for (const { instance_id, instance_name, reason } of notes) {
        expect(instance_name).toBe(listed.find(({ id }) => id === instance_id)?.name ?? null);
        expect(server.output).toContain(reason);
      }
      const cli = new Cli(join(server.dataDir, 'tmp'), server.url);
      await cli.run(['login', '--token-stdin'], server.adminToken);
      const shown = await cli.run(['adoption-notes']);
      expect([shown.code, shown.out.split('\n')[0]]).toEqual([0, expect.stringMatching(/^INSTANCE +FIELD +WAS/)]);
      expect(shown.out.trim().split('\n')).toHaveLength(notes.length + 1);
      expect(JSON.parse((await cli.run(['adoption-notes', '--json'])).out) as AdoptionNote[]).toEqual(notes);
      expect((await readdir(join(server.dataDir, 'backups'))).length).toBeGreaterThan(0);
      const started = await server.act(startedId, 'start', 'started');
      expect((await server.log(startedId)).toString()).toContain('as I left it');
      const env = JSON.parse((await server.app(started, 'env')).text) as Record<string, string>;
      expect(await readFile(join(env['INSTANCE_CONF_DIR'] ?? '', 'a-file-of-the-app'), 'utf8')).toBe(started.name);
      await server.stop();
      await server.boot();
      expect((await server.list()).length).toBe(rows.length);
    } finally {
      await server.dispose();
    }
  });
}
