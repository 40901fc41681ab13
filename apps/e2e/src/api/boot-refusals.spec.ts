import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { routes } from '@aikore/contract';
import { freePortBlock, listenOn, runServer, runSql, TestServer } from '@aikore/testing';

let folder = '';
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aikore-e2e-'));
});
test.afterEach(() => rm(folder, { recursive: true, force: true }));

/** Settings with which a server would start. */
async function settings(more: Record<string, string> = {}): Promise<Record<string, string>> {
  const port = await freePortBlock(4);
  return {
    AIKORE_DATA_DIR: folder,
    AIKORE_PORT: String(port),
    AIKORE_INSTANCE_PORT_RANGE: `${port + 1}-${port + 3}`,
    ...more,
  };
}

test('a second server on the same data folder ends with 4 and names the first', async () => {
  const server = await TestServer.startSetUp({ poolSize: 3 });
  try {
    const exit = await runServer(await settings({ AIKORE_DATA_DIR: server.dataDir }));
    expect(exit.code).toBe(4);
    expect(exit.output).toContain(`pid ${server.pid}`);
    expect(exit.output).toContain('AIKORE_DATA_DIR');
    expect(await server.list()).toEqual([]);
  } finally {
    await server.dispose();
  }
});

test('a damaged database ends it with 3, and is not touched', async () => {
  const file = join(folder, 'aikore.db');
  for (const bytes of [Buffer.from('this is no database\n'.repeat(500)), Buffer.alloc(8192, 'SQLite format 3\0')]) {
    await writeFile(file, bytes);
    const exit = await runServer(await settings());
    expect(exit.code).toBe(3);
    expect(exit.output).toContain(file);
    expect(exit.output).toMatch(/Nothing was changed\. Put a copy from the backups folder/);
    expect((await readFile(file)).equals(bytes)).toBe(true);
    expect((await readdir(folder)).filter((name) => /^aikore\.db-/.test(name))).toEqual([]);
  }
});

test('a database of a newer AiKore ends it with 3', async () => {
  const file = join(folder, 'aikore.db');
  await runSql(file, 'CREATE TABLE aikore_meta (key TEXT PRIMARY KEY, value TEXT)');
  await runSql(file, 'CREATE TABLE migrations (id INTEGER PRIMARY KEY, timestamp BIGINT, name TEXT)');
  await runSql(file, "INSERT INTO migrations VALUES (1, 9999999999999, 'Future9999999999999')");
  const before = readFileSync(file);
  const exit = await runServer(await settings());
  expect([exit.code, exit.output]).toEqual([3, expect.stringContaining('newer AiKore')]);
  expect(readFileSync(file).equals(before)).toBe(true);
});

for (const range of ['nonsense', '19001', '20000-19000', '80-90', '19001-99999', '-', '19001-19020-19030', '1e4-2e4']) {
  test(`the port range "${range}" ends it with 1`, async () => {
    const exit = await runServer(await settings({ AIKORE_INSTANCE_PORT_RANGE: range }));
    expect([exit.code, exit.output]).toEqual([1, expect.stringContaining('AIKORE_INSTANCE_PORT_RANGE')]);
    expect(exit.output).not.toMatch(/\n\s+at /);
    expect(await readdir(folder)).toEqual([]);
  });
}

test('every problem of the configuration is listed at once', async () => {
  const exit = await runServer(
    await settings({
      AIKORE_INSTANCE_PORT_RANGE: 'x',
      AIKORE_PORT: '70000',
      AIKORE_AUTH: 'maybe',
      AIKORE_PROXY: 'varnish',
      AIKORE_STOP_GRACE_SECONDS: 'soon',
    }),
  );
  expect(exit.code).toBe(1);
  for (const name of ['INSTANCE_PORT_RANGE', 'PORT', 'AUTH', 'PROXY', 'STOP_GRACE_SECONDS']) {
    expect(exit.output).toMatch(new RegExp(`- AIKORE_${name} `));
  }
});

test('the login is not turned off for other machines by accident', async () => {
  const exit = await runServer(await settings({ AIKORE_AUTH: 'none', AIKORE_HOST: '0.0.0.0' }));
  expect([exit.code, exit.output]).toEqual([1, expect.stringContaining('AIKORE_AUTH=none is refused')]);
});

test('a port in use ends it with a sentence that names the holder', async () => {
  const wanted = await settings();
  const holder = await listenOn(Number(wanted['AIKORE_PORT']));
  try {
    const exit = await runServer(wanted);
    expect(exit.code).toBe(1);
    expect(exit.output).toContain(`pid ${process.pid}`);
    expect(exit.output).toContain('AIKORE_PORT');
    expect(exit.output).not.toMatch(/\n\s+at /);
  } finally {
    holder.close();
  }
});

test('a data folder that cannot be made ends it with a sentence', async () => {
  const file = join(folder, 'a-file');
  await writeFile(file, '');
  const exit = await runServer(await settings({ AIKORE_DATA_DIR: join(file, 'data') }));
  expect(exit.code).toBe(1);
  expect(exit.output).toContain('The data folder cannot be used');
  expect(exit.output).toContain(join(file, 'data'));
  expect(exit.output).toContain('AIKORE_DATA_DIR');
  expect(exit.output).not.toMatch(/\n\s+at /);
});

test('a folder of stock blueprints that is not there ends it with a sentence', async () => {
  const missing = join(folder, 'missing');
  const exit = await runServer(await settings({ AIKORE_BLUEPRINTS_DIR: missing }));
  expect([exit.code, exit.output]).toEqual([1, expect.stringContaining(`AIKORE_BLUEPRINTS_DIR names ${missing}`)]);
  expect(exit.output).not.toMatch(/\n\s+at /);
});

test('an admin’s password file makes the set-up unnecessary; a useless one is refused', async () => {
  const password = join(folder, 'password');
  const bad = await runServer(await settings({ AIKORE_ADMIN_PASSWORD_FILE: join(folder, 'missing') }));
  expect([bad.code, bad.output]).toEqual([1, expect.stringContaining('does not exist')]);
  expect(bad.output).not.toMatch(/\n\s+at /);
  await writeFile(password, 'a long enough password\n');
  const server = await TestServer.start({ env: { AIKORE_ADMIN_PASSWORD_FILE: password } });
  try {
    expect(server.output).not.toContain('/setup#token=');
    const body = { username: 'admin', password: 'a long enough password' };
    expect((await server.as(null).ask(routes.login, { body })).status).toBe(200);
  } finally {
    await server.dispose();
  }
});
