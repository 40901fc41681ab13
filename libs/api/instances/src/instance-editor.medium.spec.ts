import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppError } from '@aikore/api/kernel';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stockScript, SupervisorBench } from './testing/supervisor-bench';

describe('InstanceEditor', () => {
  let bench: SupervisorBench;

  beforeEach(async () => {
    bench = await SupervisorBench.open();
  });

  afterEach(() => bench.dispose());

  it('never leases a port twice, and names who holds the pool', async () => {
    const rows = await Promise.all(['A', 'B', 'C', 'D'].map((name) => bench.create(name)));
    const ports = rows.map(({ port }) => port).filter((port) => port !== null);
    expect(new Set(ports).size).toBe(3);
    const without = rows.find(({ port }) => port === null)!;
    await expect(bench.parts.supervisor.ask(without.id, 'start')).rejects.toMatchObject({
      code: 'no_free_port',
      message: expect.stringContaining('"A"') as string,
    });
    expect((await bench.parts.store.view(without.id)).status_reason).toMatchObject({ code: 'port_unavailable' });
    await expect(bench.create('E', { port: 19002 })).rejects.toMatchObject({
      code: 'port_taken',
    } satisfies Partial<AppError>);
  });

  it('names the programs that hold the pool, and what can be done about them', async () => {
    const { id } = await bench.create('A');
    for (const port of [19001, 19002, 19003]) {
      bench.parts.freePorts.taken.add(port);
      bench.parts.holder.holders.set(port, { pid: 4711, text: 'nginx (pid 4711)' });
    }
    await expect(bench.parts.supervisor.ask(id, 'start')).rejects.toMatchObject({
      code: 'no_free_port',
      message:
        'No public port of 19001-19003 is free (19001 nginx (pid 4711), 19002 nginx (pid 4711), 19003 nginx (pid 4711)). ' +
        'End the other program, or widen AIKORE_INSTANCE_PORT_RANGE.',
    });
  });

  it('moves off a port on which a stranger listens', async () => {
    const { id } = await bench.create();
    bench.parts.freePorts.taken.add(19001);
    bench.parts.holder.holders.set(19001, { pid: 4711, text: 'nginx (pid 4711)' });
    await bench.parts.supervisor.ask(id, 'start');
    expect((await bench.parts.store.view(id)).port).toBe(19002);
  });

  it('keeps the folder when renamed, and asks for a restart only where one is needed', async () => {
    const { id, directory } = await bench.started('Old');
    const edit = (patch: object) =>
      bench.parts.supervisor.exclusively(id, (row) => bench.parts.editor.update(row, patch));
    await edit({ autostart: true, restart_policy: 'always' });
    expect(await bench.parts.store.view(id)).toMatchObject({ needs_restart: false, status: 'started', revision: 2 });
    await edit({ name: 'New' });
    expect(await bench.parts.store.view(id)).toMatchObject({
      directory,
      slug: 'new',
      needs_restart: true,
      status: 'started',
    });
    await edit({ name: 'New' });
    expect((await bench.parts.store.view(id)).revision).toBe(3);
    await expect(edit({ name: 'X', revision: 1 })).rejects.toMatchObject({ code: 'stale_revision' });
    expect((await bench.parts.store.view(id)).name).toBe('New');
  });

  it('gives one of several creates of the same name the name, and none a 500', async () => {
    const outcomes = await Promise.allSettled([bench.create('Twin'), bench.create('Twin'), bench.create('twin')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((outcomes[1] as PromiseRejectedResult).reason).toMatchObject({ code: 'name_taken' });
  });

  it('asks for a custom address of one’s own where one is set, and judges no other edit by it', async () => {
    const named = { hostname: 'x.example', use_custom_hostname: true };
    const [first, second] = [await bench.create('A', named), await bench.create('B')];
    const edit = (id: number, patch: object) =>
      bench.parts.supervisor.exclusively(id, (row) => bench.parts.editor.update(row, patch));
    await expect(edit(second.id, named)).rejects.toMatchObject({
      code: 'validation_failed',
      message: expect.stringContaining('"A" is reached at x.example') as string,
    });
    await expect(edit(first.id, { hostname: null })).rejects.toMatchObject({ code: 'validation_failed' });
    await bench.parts.store.patch(second.id, named);
    expect(await edit(second.id, { autostart: true })).toMatchObject({ autostart: true });
    expect(await edit(second.id, { use_custom_hostname: false })).toMatchObject({ use_custom_hostname: false });
  });

  it('leaves the script alone when an edit is refused, and keeps it when one is made', async () => {
    await writeFile(join(bench.root, 'stock', 'Other.sh'), 'exec other\n');
    const { id, directory } = await bench.started();
    const launch = join(bench.root, 'instances', directory, 'launch.sh');
    const edit = (patch: object) =>
      bench.parts.supervisor.exclusively(id, (row) => bench.parts.editor.update(row, patch));
    await expect(edit({ base_blueprint: 'Other.sh', port: 22 })).rejects.toMatchObject({ code: 'validation_failed' });
    expect(await readFile(launch, 'utf8')).toBe(stockScript);
    const patch = vi.spyOn(bench.parts.store, 'patch').mockRejectedValueOnce(new Error('the disk is full'));
    await expect(edit({ base_blueprint: 'Other.sh' })).rejects.toThrow('the disk is full');
    patch.mockRestore();
    expect(await readFile(launch, 'utf8')).toBe(stockScript);
    await edit({ base_blueprint: 'Other.sh' });
    expect(await readFile(launch, 'utf8')).toBe('exec other\n');
    expect(await readFile(`${launch}.previous-1`, 'utf8')).toBe(stockScript);
  });

  it('never overwrites a script that was kept', async () => {
    await writeFile(join(bench.root, 'stock', 'Other.sh'), 'exec other\n');
    const { id, directory } = await bench.started();
    const launch = join(bench.root, 'instances', directory, 'launch.sh');
    for (const base_blueprint of ['Other.sh', 'App.sh']) {
      await bench.parts.supervisor.exclusively(id, (row) => bench.parts.editor.update(row, { base_blueprint }));
    }
    await rm(`${launch}.previous-1`);
    await writeFile(launch, 'exec mine\n');
    await bench.parts.supervisor.exclusively(id, (row) =>
      bench.parts.editor.update(row, { base_blueprint: 'Other.sh' }),
    );
    expect(await readFile(`${launch}.previous-2`, 'utf8')).toBe('exec other\n');
    expect(await readFile(`${launch}.previous-3`, 'utf8')).toBe('exec mine\n');
  });
});
