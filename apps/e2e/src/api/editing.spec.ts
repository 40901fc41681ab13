import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type Instance, routes, type UpdateInstance } from '@aikore/contract';
import { fakeWebui, runSql, until, writeBlueprint } from '@aikore/testing';
import { useServer } from '../support/servers';

test.describe.serial('editing and deleting', () => {
  const using = useServer();
  let instance: Instance;
  const edit = (id: number, body: UpdateInstance) =>
    using.server.api.ask(routes.updateInstance, { params: { id }, body });
  const folder = (name: string, ...rest: string[]) => join(using.server.dataDir, 'instances', name, ...rest);
  const trash = (name: string) => join(using.server.dataDir, 'trashcan', name);

  test('fields that a running app has at once, and fields that wait for a restart', async () => {
    const { server } = using;
    await writeBlueprint(server.dataDir, 'App.sh', fakeWebui());
    await writeBlueprint(server.dataDir, 'Other.sh', `echo "the other one"\n${fakeWebui()}`);
    const { id } = await server.create({ name: 'Edited', base_blueprint: 'App.sh', gpu_ids: '0' });
    instance = await server.act(id, 'start', 'started');
    const hot: UpdateInstance[] = [
      { autostart: true },
      { hostname: 'comfy.example.org' },
      { use_custom_hostname: true },
      { restart_policy: 'always' },
      { use_custom_hostname: false },
      { restart_policy: 'never' },
      { autostart: false },
    ];
    for (const body of hot) {
      const { status, data } = await edit(id, body);
      expect([status, data.needs_restart, data]).toEqual([200, false, expect.objectContaining(body)]);
    }
    const cold: UpdateInstance[] = [{ gpu_ids: '0,1' }, { python_version: '3.12' }, { output_path: 'pictures/edited' }];
    for (const body of cold) {
      const { data } = await edit(id, body);
      expect(data).toMatchObject({ ...body, needs_restart: true, status: 'started' });
    }
    const env = () => server.app(instance, 'env').then(({ text }) => JSON.parse(text) as Record<string, string>);
    expect((await env())['CUDA_VISIBLE_DEVICES']).toBe('0');
    const { run } = await server.act(id, 'restart', 'started');
    await server.untilInstance(
      id,
      (now) => now.status === 'started' && now.run?.id !== instance.run?.id,
      'the restart',
    );
    expect(run).not.toBeNull();
    expect(await server.get(id)).toMatchObject({ needs_restart: false, status: 'started' });
    expect(await env()).toMatchObject({ CUDA_VISIBLE_DEVICES: '0,1', PYTHON_VERSION: '3.12' });
    expect(existsSync(join(server.dataDir, 'outputs/pictures/edited'))).toBe(true);
  });

  test('an edit that changes nothing asks for no restart', async () => {
    const { data } = await edit(instance.id, { gpu_ids: '0,1', python_version: '3.12' });
    expect(data.needs_restart).toBe(false);
  });

  test('an edit based on an older state is refused and changes nothing', async () => {
    const { server } = using;
    const before = await server.get(instance.id);
    const stale = await edit(instance.id, { gpu_ids: '7', revision: before.revision - 1 });
    expect([stale.status, stale.error?.code]).toEqual([409, 'stale_revision']);
    expect(await server.get(instance.id)).toEqual(before);
    const fresh = await edit(instance.id, { gpu_ids: '2', revision: before.revision });
    expect([fresh.status, fresh.data.revision]).toEqual([200, before.revision + 1]);
  });

  test('a rename keeps the folder and the run, and moves the address', async () => {
    const { server } = using;
    const before = await server.get(instance.id);
    const { data } = await edit(instance.id, { name: 'Ünïted colours' });
    expect(data).toMatchObject({ slug: 'united-colours', directory: 'Edited', status: 'started', run: before.run });
    await until(async () => (await server.app(data)).status === 200, 'the new address');
    expect((await server.app(before)).status).toBe(404);
    expect(existsSync(folder('Edited', 'launch.sh'))).toBe(true);
  });

  test('a taken name is refused', async () => {
    const { server } = using;
    const other = await server.create({ name: 'Other', base_blueprint: 'App.sh' });
    const answer = await edit(other.id, { name: 'Ünïted colours' });
    expect([answer.status, answer.error?.code]).toEqual([409, 'name_taken']);
    const again = await server.api.ask(routes.createInstance, { body: { name: 'Other', base_blueprint: 'App.sh' } });
    expect([again.status, again.error?.code]).toEqual([409, 'name_taken']);
  });

  test('another blueprint replaces the script and keeps the old one beside it', async () => {
    const { server } = using;
    await server.act(instance.id, 'stop', 'stopped');
    await writeFile(folder('Edited', 'launch.sh'), '# edited by hand\n', { flag: 'a' });
    await edit(instance.id, { base_blueprint: 'Other.sh' });
    expect(await readFile(folder('Edited', 'launch.sh'), 'utf8')).toContain('the other one');
    expect(await readFile(folder('Edited', 'launch.sh.previous-1'), 'utf8')).toContain('# edited by hand');
    await server.act(instance.id, 'start', 'started');
    expect((await server.log(instance.id)).toString()).toContain('the other one');
  });

  test('a running instance is not deleted', async () => {
    const { server } = using;
    const answer = await server.api.ask(routes.deleteInstance, { params: { id: instance.id } });
    expect([answer.status, answer.error?.code]).toEqual([409, 'wrong_state']);
    await server.act(instance.id, 'stop', 'stopped');
  });

  test('a deleted instance goes to the trash; one of the same folder name is a conflict', async () => {
    const { server } = using;
    const live = await server.joinInstances();
    const remove = (id: number, query: { mode?: 'trash' | 'permanent'; overwrite?: '1' } = {}) =>
      server.api.ask(routes.deleteInstance, { params: { id }, query });
    expect((await remove(instance.id)).status).toBe(204);
    await until(() => live.removed.includes(instance.id), 'the news of it');
    live.close();
    expect([existsSync(folder('Edited')), existsSync(trash('Edited'))]).toEqual([false, true]);
    expect((await server.api.ask(routes.getInstance, { params: { id: instance.id } })).status).toBe(404);

    const second = await server.create({ name: 'Edited', base_blueprint: 'App.sh' });
    await mkdir(folder('Edited'), { recursive: true });
    await writeFile(folder('Edited', 'second'), '');
    const conflict = await remove(second.id);
    expect([conflict.status, conflict.error?.code]).toEqual([409, 'trash_conflict']);
    expect([existsSync(folder('Edited', 'second')), existsSync(join(trash('Edited'), 'launch.sh'))]).toEqual([
      true,
      true,
    ]);
    expect((await remove(second.id, { overwrite: '1' })).status).toBe(204);
    expect(existsSync(join(trash('Edited'), 'second'))).toBe(true);
    expect(existsSync(join(trash('Edited'), 'launch.sh'))).toBe(false);
  });

  test('a permanent delete leaves nothing', async () => {
    const { server } = using;
    const third = await server.create({ name: 'Edited', base_blueprint: 'App.sh' });
    await server.act(third.id, 'start', 'started');
    await server.act(third.id, 'stop', 'stopped');
    await server.api.call(routes.deleteInstance, { params: { id: third.id }, query: { mode: 'permanent' } });
    expect(existsSync(folder('Edited'))).toBe(false);
    expect(existsSync(join(trash('Edited'), 'launch.sh'))).toBe(false);
  });

  test('a parent with satellites is not deleted, and says which', async () => {
    const { server } = using;
    const parent = await server.create({ name: 'Parent', base_blueprint: 'App.sh' });
    const satellite = await server.create({ name: 'Satellite', base_blueprint: 'App.sh' });
    await server.stop();
    await runSql(server.database, 'UPDATE instances SET parent_instance_id = ? WHERE id = ?', [
      parent.id,
      satellite.id,
    ]);
    await server.boot();
    const answer = await server.api.ask(routes.deleteInstance, { params: { id: parent.id } });
    expect([answer.status, answer.error?.code]).toEqual([409, 'has_satellites']);
    expect(answer.error?.message).toContain('"Satellite"');
    const foreign = await edit(satellite.id, { python_version: '3.9' });
    expect([foreign.status, foreign.error?.code]).toEqual([409, 'wrong_state']);
  });

  test('autostart starts at boot, and only then', async () => {
    const { server } = using;
    const { id } = await server.create({ name: 'By itself', base_blueprint: 'App.sh', autostart: true });
    expect((await server.get(id)).status).toBe('stopped');
    await server.stop();
    await server.boot();
    await server.untilInstance(id, ({ status }) => status === 'started', 'the start');
  });
});
