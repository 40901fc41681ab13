import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlueprintCatalogue, BlueprintTexts, etagOf } from '@aikore/api/blueprints';
import { AppConfig, AppError, DataLayout, DomainEvents, loadConfig, Mailbox } from '@aikore/api/kernel';
import { type InstanceScript, maxScriptBytes } from '@aikore/contract';
import { InstanceEntity, openDatabase, RunEntity, Transactions } from '@aikore/database';
import { NodeFiles, StorageError, SystemClock } from '@aikore/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InstanceStore } from '../instance-store';
import { Provisioner } from '../supervisor/provisioner';
import type { Supervisor } from '../supervisor/supervisor';
import { InstanceScripts } from './instance-scripts';
import { ScriptFile } from './script-file';

const blueprint = '#!/usr/bin/env bash\necho original\n';

/** Scripts over a real database and real files. The mailbox is all that is used of the supervisor. */
async function assemble(root: string) {
  const layout = new DataLayout(root);
  const { dataSource } = await openDatabase({
    file: layout.database,
    backupsDir: layout.backups,
    portRange: { from: 19001, to: 19003 },
  });
  await mkdir(layout.instances);
  await mkdir(layout.customBlueprints);
  await writeFile(join(layout.customBlueprints, 'App.sh'), blueprint);
  const config = new AppConfig(loadConfig({ AIKORE_DATA_DIR: root }, { blueprintsDir: root, version: '0' }));
  const [events, files, mailbox] = [new DomainEvents(), new NodeFiles(), new Mailbox<number>()];
  const instances = dataSource.getRepository(InstanceEntity);
  const runs = dataSource.getRepository(RunEntity);
  const store = new InstanceStore(instances, runs, new Transactions(dataSource), events, new SystemClock());
  const supervisor = {
    exclusively: <T>(id: number, task: (row: InstanceEntity) => Promise<T>) =>
      mailbox.post(id, async () => task(await store.row(id))),
  } as Supervisor;
  const catalogue = new BlueprintCatalogue(config, layout);
  const file = new ScriptFile(layout, files, new BlueprintTexts(catalogue, files));
  const scripts = new InstanceScripts(store, supervisor, file, new Provisioner(layout, files, catalogue), events);
  const add = (name: string, more: Partial<InstanceEntity> = {}) =>
    store.insert({ name, slug: name, directory: name, base_blueprint: 'App.sh', position: 1, ...more });
  const path = (name: string) => join(layout.instance(name), 'launch.sh');
  return { dataSource, layout, events, files, store, scripts, add, path };
}

let root = '';
let on: Awaited<ReturnType<typeof assemble>>;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'aikore-scripts-'));
  on = await assemble(root);
});
afterEach(async () => {
  await on.dataSource.destroy();
  await rm(root, { recursive: true, force: true });
});

const failure = async (promise: Promise<unknown>): Promise<AppError> => {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
};

describe('the script of an instance', () => {
  it('is the blueprint’s until it is saved, which makes folder and file', async () => {
    const { id } = await on.add('app');
    const before = await on.scripts.read(id);
    expect(before).toEqual<InstanceScript>({
      content: blueprint,
      etag: etagOf(blueprint),
      path: 'instances/app/launch.sh',
      is_own: true,
      owner: { id, name: 'app' },
      exists: false,
      read_only: null,
      blueprint: { filename: 'App.sh', etag: etagOf(blueprint) },
    });
    const seen: unknown[] = [];
    on.events.on('script.changed', (event) => seen.push(event));
    const saved = await on.scripts.save(id, 'echo mine\n', before.etag);
    expect(saved).toMatchObject({ content: 'echo mine\n', exists: true, etag: etagOf('echo mine\n') });
    expect(await readFile(on.path('app'), 'utf8')).toBe('echo mine\n');
    expect((await stat(on.path('app'))).mode & 0o777).toBe(0o700);
    expect(seen).toEqual([{ instanceId: id, etag: saved.etag }]);
    expect(await on.scripts.read(id)).toEqual(saved);
  });

  it('can be written though its blueprint is gone', async () => {
    const { id } = await on.add('app', { base_blueprint: 'Gone.sh' });
    const before = await on.scripts.read(id);
    expect(before).toMatchObject({ content: '', exists: false, blueprint: { filename: 'Gone.sh', etag: null } });
    expect(await on.scripts.save(id, 'echo\n', before.etag)).toMatchObject({ content: 'echo\n' });
    expect((await failure(on.scripts.reset(id, etagOf('echo\n')))).code).toBe('blueprint_unusable');
  });

  it('is not overwritten when it changed underneath; the answer has what is there now', async () => {
    const { id } = await on.add('app');
    const { etag } = await on.scripts.save(id, 'one\n', etagOf(blueprint));
    await writeFile(on.path('app'), 'by hand\n');
    const error = await failure(on.scripts.save(id, 'two\n', etag));
    expect([error.code, error.status]).toEqual(['conflict', 409]);
    expect(error.toWire().current).toMatchObject({ content: 'by hand\n', etag: etagOf('by hand\n') });
    expect((await failure(on.scripts.reset(id, etag))).code).toBe('conflict');
    expect(await readFile(on.path('app'), 'utf8')).toBe('by hand\n');
    expect(await on.scripts.save(id, 'two\n', etagOf('by hand\n'))).toMatchObject({ content: 'two\n' });
  });

  it('of two who save at once takes one', async () => {
    const { id } = await on.add('app');
    const answers = await Promise.allSettled(
      ['a\n', 'b\n', 'c\n'].map((text) => on.scripts.save(id, text, etagOf(blueprint))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  it('loses what bash stumbles over: a byte order mark and CRs at line ends', async () => {
    const { id } = await on.add('app');
    const saved = await on.scripts.save(id, '\uFEFFecho a\r\nprintf "x\ry"\r\n', etagOf(blueprint));
    expect(saved.content).toBe('echo a\nprintf "x\ry"\n');
    await writeFile(on.path('app'), '\uFEFFecho\r\n');
    expect(await on.scripts.read(id)).toMatchObject({ content: '\uFEFFecho\r\n', read_only: null });
  });

  it('is only shown when saving would damage it', async () => {
    const { id } = await on.add('app');
    await mkdir(on.layout.instance('app'));
    await writeFile(on.path('app'), Buffer.from([0x61, 0xff, 0x0a]));
    const shown = await on.scripts.read(id);
    expect(shown).toMatchObject({ content: 'a\uFFFD\n', read_only: expect.stringContaining('not UTF-8') as string });
    expect((await failure(on.scripts.save(id, 'a\n', shown.etag))).code).toBe('wrong_state');
    expect(await readFile(on.path('app'))).toEqual(Buffer.from([0x61, 0xff, 0x0a]));
    await writeFile(on.path('app'), 'x'.repeat(maxScriptBytes + 1));
    const long = await on.scripts.read(id);
    expect(long.read_only).toContain('larger than 1 MiB');
    expect(long.content).toHaveLength(maxScriptBytes);
    // Its bytes are not lost: the reset keeps them beside it.
    expect(await on.scripts.reset(id, long.etag)).toMatchObject({ content: blueprint, read_only: null });
    expect((await stat(`${on.path('app')}.previous-1`)).size).toBe(maxScriptBytes + 1);
  });

  it('stays whole when the disk is full', async () => {
    const { id } = await on.add('app');
    const { etag } = await on.scripts.save(id, 'good\n', etagOf(blueprint));
    const full = new StorageError('full', on.path('app'), 'ENOSPC');
    on.files.writeFileAtomic = () => Promise.reject(full);
    await expect(on.scripts.save(id, 'better\n', etag)).rejects.toBe(full);
    expect(await on.scripts.read(id)).toMatchObject({ content: 'good\n', etag });
  });

  it('goes back to the blueprint, with the old one kept beside it', async () => {
    const { id } = await on.add('app');
    const untouched = await on.scripts.reset(id, etagOf(blueprint));
    expect(untouched).toMatchObject({ content: blueprint, exists: false });
    const { etag } = await on.scripts.save(id, 'mine\n', untouched.etag);
    expect(await on.scripts.reset(id, etag)).toMatchObject({ content: blueprint, exists: true });
    await on.scripts.reset(id, etagOf(blueprint));
    expect((await readdir(on.layout.instance('app'))).sort()).toEqual(['launch.sh', 'launch.sh.previous-1']);
    expect((await stat(on.path('app'))).mode & 0o777).toBe(0o700);
  });

  it('of a satellite is its parent’s, and can only be read', async () => {
    const parent = await on.add('parent');
    const { id } = await on.add('satellite', { parent_instance_id: parent.id });
    await on.scripts.save(parent.id, 'shared\n', etagOf(blueprint));
    const shown = await on.scripts.read(id);
    expect(shown).toMatchObject({
      content: 'shared\n',
      is_own: false,
      owner: { id: parent.id, name: 'parent' },
      read_only: expect.stringContaining('parent') as string,
    });
    for (const refused of [on.scripts.save(id, 'x', shown.etag), on.scripts.reset(id, shown.etag)]) {
      const error = await failure(refused);
      expect([error.code, error.status, error.message]).toEqual([
        'forbidden',
        403,
        expect.stringContaining('"parent"'),
      ]);
    }
  });

  it('waits for the next start: what runs of the family says so', async () => {
    const parent = await on.add('parent', { status: 'started' });
    const running = await on.add('running', { parent_instance_id: parent.id, status: 'started' });
    const stopped = await on.add('stopped', { parent_instance_id: parent.id });
    const { etag } = await on.scripts.save(parent.id, blueprint, etagOf(blueprint));
    const flags = async () =>
      Promise.all([parent, running, stopped].map(async ({ id }) => (await on.store.view(id)).needs_restart));
    expect(await flags()).toEqual([true, true, false]);
    await on.store.patch(parent.id, { needs_restart: false });
    await on.scripts.save(parent.id, blueprint, etag);
    expect(await flags()).toEqual([false, true, false]);
  });

  it('is never read or written through a link that leaves the instances, nor from a pipe', async () => {
    const { id } = await on.add('app');
    await mkdir(on.layout.instance('app'));
    await writeFile(join(root, 'secret'), 'secret');
    await symlink(join(root, 'secret'), on.path('app'));
    await expect(on.scripts.read(id)).rejects.toMatchObject({ name: 'PathEscapeError' });
    await expect(on.scripts.save(id, 'x', etagOf('secret'))).rejects.toMatchObject({ name: 'PathEscapeError' });
    expect(await readFile(join(root, 'secret'), 'utf8')).toBe('secret');
  });
});
