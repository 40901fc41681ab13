import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AppConfig, AppError, DataLayout, loadConfig } from '@aikore/api/kernel';
import { blueprint as schema } from '@aikore/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BlueprintCatalogue } from './blueprint-catalogue';

const script = (name: string) =>
  `#!/bin/bash\n### AIKORE-METADATA-START ###\n# aikore.name = ${name}\n### AIKORE-METADATA-END ###\nexec app\n`;

let root: string;
let stock: string;
let custom: string;
let catalogue: BlueprintCatalogue;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'aikore-blueprints-'));
  stock = join(root, 'stock');
  custom = join(root, 'data', 'custom_blueprints');
  await mkdir(join(stock, 'lib'), { recursive: true });
  await mkdir(custom, { recursive: true });
  const config: AppConfig = loadConfig({ AIKORE_DATA_DIR: join(root, 'data') }, { blueprintsDir: stock, version: '0' });
  catalogue = new BlueprintCatalogue(config, new DataLayout(config.dataDir));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const refusal = async (filename: string): Promise<string> => {
  const error: unknown = await catalogue.resolve(filename).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  expect((error as AppError).code).toBe('blueprint_unusable');
  return (error as AppError).message;
};

describe('BlueprintCatalogue', () => {
  it('lists stock and custom blueprints, and nothing else that lies there', async () => {
    await writeFile(join(stock, 'B.sh'), script('Bee'));
    await writeFile(join(stock, 'lib', 'inner.sh'), script('Inner'));
    await writeFile(join(stock, 'README.md'), 'text');
    await writeFile(join(stock, '.hidden.sh'), script('Hidden'));
    await mkdir(join(stock, 'folder.sh'));
    await writeFile(join(custom, 'a.sh'), script('Ay'));
    const list = await catalogue.list();
    expect(list.map(({ name, source }) => [name, source])).toEqual([
      ['Ay', 'custom'],
      ['Bee', 'stock'],
    ]);
    for (const entry of list) expect(schema.parse(entry)).toEqual(entry);
  });

  it('is empty without the folders', async () => {
    await rm(stock, { recursive: true });
    await rm(custom, { recursive: true });
    expect(await catalogue.list()).toEqual([]);
  });

  it('prefers the custom blueprint, and goes back to the stock one when it is gone', async () => {
    await writeFile(join(stock, 'App.sh'), script('Shipped'));
    await writeFile(join(custom, 'App.sh'), script('Mine'));
    expect(await catalogue.list()).toMatchObject([{ name: 'Mine', source: 'custom', shadows: true }]);
    const mine = await catalogue.resolve('App.sh');
    expect(mine).toMatchObject({ path: join(custom, 'App.sh'), source: 'custom', header: { shadows: true } });
    await rm(join(custom, 'App.sh'));
    expect(await catalogue.list()).toMatchObject([{ name: 'Shipped', source: 'stock', shadows: false }]);
    expect(await catalogue.resolve('App.sh')).toMatchObject({ path: join(stock, 'App.sh'), source: 'stock' });
  });

  it('notices a changed file', async () => {
    await writeFile(join(custom, 'App.sh'), script('One'));
    expect(await catalogue.list()).toMatchObject([{ name: 'One' }]);
    await writeFile(join(custom, 'App.sh'), script('Another'));
    expect(await catalogue.list()).toMatchObject([{ name: 'Another' }]);
  });

  it('lists what cannot be used with the reason, and refuses to run it', async () => {
    await writeFile(join(custom, 'empty.sh'), '');
    await writeFile(join(custom, 'blank.sh'), ' \n\n');
    await symlink('nowhere.sh', join(custom, 'dangling.sh'));
    await symlink('loop.sh', join(custom, 'loop.sh'));
    await symlink('/etc/passwd', join(custom, 'outside.sh'));
    execFileSync('mkfifo', [join(custom, 'pipe.sh')]);
    const list = await catalogue.list();
    const problems = Object.fromEntries(list.map(({ filename, problem }) => [filename, problem]));
    expect(list.filter(({ usable }) => usable)).toEqual([]);
    expect(problems).toEqual({
      'blank.sh': 'blank.sh is empty.',
      'dangling.sh': 'dangling.sh is a link that leads nowhere.',
      'empty.sh': 'empty.sh is empty.',
      'loop.sh': 'loop.sh is a link that leads to itself.',
      'outside.sh': 'outside.sh is a link that leaves the blueprints folder.',
      'pipe.sh': 'pipe.sh is not a file.',
    });
    for (const filename of Object.keys(problems)) {
      expect(await refusal(filename)).toMatch(/Repair it or choose another one\.$/);
    }
    await mkdir(join(custom, 'folder.sh'));
    expect(await refusal('folder.sh')).toMatch(/is a folder/);
  });

  it('says so when a file may not be read, even one that it knew', async () => {
    await writeFile(join(custom, 'App.sh'), script('App'));
    await chmod(root, 0o755);
    await catalogue.list();
    await chmod(join(custom, 'App.sh'), 0);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65534); // root may read everything
    try {
      expect(await catalogue.list()).toMatchObject([{ problem: expect.stringContaining('may not be read') }]);
      expect(await refusal('App.sh')).toMatch(/may not be read by AiKore: check its owner and permissions\. /);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it('follows links inside the folder', async () => {
    await writeFile(join(stock, 'lib', 'real.sh'), script('Linked'));
    await symlink('lib/real.sh', join(stock, 'link.sh'));
    expect(await catalogue.resolve('link.sh')).toMatchObject({
      path: join(stock, 'lib', 'real.sh'),
      header: { name: 'Linked', filename: 'link.sh' },
    });
  });

  it('keeps a blueprint with a broken header usable, with the defaults', async () => {
    await writeFile(join(custom, 'App.sh'), script('App').replace('name = App', 'venv_type = docker'));
    expect(await catalogue.list()).toMatchObject([
      { name: 'App', problem: expect.stringMatching(/^Line 3: /), usable: true },
    ]);
    expect(await catalogue.resolve('App.sh')).toMatchObject({ header: { venv_type: 'conda' } });
  });

  it('refuses names that are not in the catalogue', async () => {
    await writeFile(join(stock, 'lib', 'inner.sh'), script('Inner'));
    const names = ['missing.sh', '../data/x.sh', '/etc/passwd', 'lib/inner.sh', '', 'a\u0000.sh', '..'];
    for (const name of [...names, `${'x'.repeat(5000)}.sh`]) {
      const message = await refusal(name);
      expect(message).toMatch(/^There is no blueprint ".*"\. Choose another one\.$/);
      expect(message.length).toBeLessThan(250);
    }
  });

  it('reads odd bytes and huge files without harm', async () => {
    await writeFile(join(custom, 'binary.sh'), Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0a]));
    await writeFile(join(custom, 'huge.sh'), script('Huge') + 'x'.repeat(10_000_000));
    expect(await catalogue.list()).toMatchObject([
      { name: 'binary', problem: null },
      { name: 'Huge', problem: null },
    ]);
  });

  it('lists 200 known blueprints in a few milliseconds', async () => {
    await Promise.all(Array.from({ length: 200 }, (_, n) => writeFile(join(custom, `b${n}.sh`), script(`B ${n}`))));
    expect(await catalogue.list()).toHaveLength(200);
    const times: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      const started = performance.now();
      await catalogue.list();
      times.push(performance.now() - started);
    }
    // About 5 ms; the limit leaves room for a busy machine.
    expect(times.sort((a, b) => a - b)[3]).toBeLessThan(100);
  });

  it('finds every shipped blueprint in order', async () => {
    const shipped = resolve(import.meta.dirname, '../../../../blueprints');
    const config = loadConfig({ AIKORE_DATA_DIR: join(root, 'data') }, { blueprintsDir: shipped, version: '0' });
    const list = await new BlueprintCatalogue(config, new DataLayout(config.dataDir)).list();
    expect(list.map(({ name }) => name)).toEqual(expect.arrayContaining(['Diagnostics', 'Node-RED']));
    for (const { filename, problem, description } of list) {
      expect([filename, problem, description !== '']).toEqual([filename, null, true]);
    }
  });
});
