import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RunEntity } from '@aikore/database';
import { SpawnError } from '@aikore/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stockScript, SupervisorBench } from '../testing/supervisor-bench';

describe('Supervisor: starting and stopping', () => {
  let bench: SupervisorBench;

  beforeEach(async () => {
    bench = await SupervisorBench.open();
  });

  afterEach(() => bench.dispose());

  it('provisions at the first start only, and gives the script its environment', async () => {
    const row = await bench.create('My App');
    await expect(readFile(join(bench.root, 'instances', 'My-App', 'launch.sh'))).rejects.toThrow();
    await bench.parts.supervisor.ask(row.id, 'start');
    expect(await readFile(join(bench.root, 'instances', row.directory, 'launch.sh'), 'utf8')).toBe(stockScript);
    const [launch] = bench.parts.launcher.launches;
    expect(launch!.argv).toEqual(['bash', join(bench.root, 'instances', row.directory, 'launch.sh')]);
    expect(launch!.env).toMatchObject({ INSTANCE_NAME: 'My App', BLUEPRINT_ID: 'App', SUBFOLDER: '/instance/my-app/' });
  });

  it('is started when its port answers below 500, not before', async () => {
    const { id } = await bench.create();
    const { app_port } = await bench.parts.supervisor.ask(id, 'start');
    bench.parts.probe.set(app_port!, { httpStatus: 503 });
    await bench.parts.clock.advance(2000);
    expect((await bench.parts.store.view(id)).status).toBe('starting');
    bench.parts.probe.set(app_port!, { httpStatus: 404 });
    const up = await bench.until(id, ({ status }) => status === 'started');
    expect(up.allowedActions).toContain('open');
    expect(bench.parts.probe.probes.at(-1)?.options.path).toBe('/ready');
  });

  it('is not started by a stranger on its port, and says who that is', async () => {
    const { id } = await bench.create();
    const { app_port } = await bench.parts.supervisor.ask(id, 'start');
    const port = app_port ?? 0;
    const { holder, launcher, probe } = bench.parts;
    const { id: runId } = await bench.runOf(id);
    launcher.processes.set(runId, [{ pid: 50, startTime: 1, command: 'app', rssBytes: 0 }]);
    holder.holders.set(port, { pid: 7, text: 'python3 (pid 7)' });
    probe.set(port, { httpStatus: 200 });
    const stalled = await bench.until(id, ({ status }) => status !== 'starting');
    expect(stalled).toMatchObject({ status: 'stalled', status_reason: { code: 'port_unavailable' } });
    expect(stalled.status_reason?.message).toContain('python3 (pid 7) listens on the port');

    holder.listeners = [{ address: '127.0.0.1', port, pid: 50, inode: '1' }];
    await bench.until(id, ({ status }) => status === 'started');
  });

  it('watches no run any more once the server ends', async () => {
    await bench.started();
    await bench.parts.supervisor.close();
    expect(bench.parts.launcher.closed).toBe(true);
  });

  it('lets one of many parallel starts through', async () => {
    const { id } = await bench.create();
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => bench.parts.supervisor.ask(id, 'start')));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(bench.parts.launcher.launches).toHaveLength(1);
  });

  it('shows install progress, and does not call an install stalled', async () => {
    const { id } = await bench.create();
    await bench.parts.supervisor.ask(id, 'start');
    const { directory } = await bench.parts.store.row(id);
    await writeFile(
      bench.parts.layout.progressFile(directory, (await bench.runOf(id)).id),
      'install\t2\t5\tPackages\n',
    );
    const busy = await bench.until(id, ({ status }) => status === 'installing');
    expect(busy.progress).toEqual({ phase: 'install', step: 2, steps: 5, text: 'Packages' });
    await bench.parts.clock.advance(60_000);
    expect((await bench.parts.store.view(id)).status).toBe('installing');
  });

  it('is stalled after silence, and comes back when it speaks', async () => {
    const { id } = await bench.create();
    await bench.parts.supervisor.ask(id, 'start');
    await bench.until(id, ({ status }) => status === 'stalled');
    const { directory } = await bench.parts.store.row(id);
    await writeFile(bench.parts.layout.logFile(directory, (await bench.runOf(id)).id), 'still here\n');
    await bench.until(id, ({ status }) => status === 'starting');
  });

  it('stops the tree and names what survives', async () => {
    const { id } = await bench.started();
    bench.parts.launcher.onStop = () => ({
      survivors: [{ pid: 77, startTime: 1, command: 'python3 train.py', rssBytes: 0 }],
      killed: 3,
      exit: null,
    });
    await bench.parts.supervisor.ask(id, 'stop');
    const failed = await bench.until(id, ({ status }) => status === 'error');
    expect(failed.status_reason).toMatchObject({ code: 'survivors' });
    expect(failed.status_reason?.message).toContain('python3 train.py (pid 77)');
  });

  it('a restart is a stop and a new run', async () => {
    const { id } = await bench.started();
    const before = await bench.runOf(id);
    await bench.parts.supervisor.ask(id, 'restart');
    await bench.until(id, ({ run }) => run?.id !== before.id && run?.pid != null);
    expect(bench.parts.launcher.launches).toHaveLength(2);
    expect((await bench.parts.dataSource.getRepository(RunEntity).findOneByOrFail({ id: before.id })).reason).toBe(
      'stopped',
    );
  });

  it('a start that fails leaves an error with its sentence, and no port held', async () => {
    const { id } = await bench.create();
    bench.parts.launcher.failNext(new SpawnError('command', 'There is no bash here.'));
    await expect(bench.parts.supervisor.ask(id, 'start')).rejects.toMatchObject({ code: 'start_failed' });
    expect(await bench.parts.store.view(id)).toMatchObject({
      status: 'error',
      status_reason: { code: 'spawn_failed', message: 'There is no bash here.' },
    });
    expect((await bench.runOf(id)).reason).toBe('spawn_failed');
  });

  it('says of an instance folder that is a link where it leads, and what to do', async () => {
    const { id, directory } = await bench.create();
    await mkdir(join(bench.root, 'elsewhere'));
    await symlink(join(bench.root, 'elsewhere'), join(bench.root, 'instances', directory));
    await expect(bench.parts.supervisor.ask(id, 'start')).rejects.toThrow();
    const { status_reason } = await bench.parts.store.view(id);
    expect(status_reason).toMatchObject({ code: 'storage' });
    expect(status_reason?.message).toMatch(/instances\/App is a link to .*\/elsewhere, outside of .* Move that here/);
  });

  it('says that the disk is full, and what to do, when nothing can be saved', async () => {
    const { id } = await bench.create();
    const full = Object.assign(new Error('SQLITE_FULL: database or disk is full'), { code: 'SQLITE_FULL' });
    bench.parts.store.beginRun = () => Promise.reject(full);
    await expect(bench.parts.supervisor.ask(id, 'start')).rejects.toThrow(/disk of the data folder is full.*Free some/);
  });

  it('outlives whatever an app does to its progress file', async () => {
    const { id } = await bench.create();
    const { app_port, directory } = await bench.parts.supervisor.ask(id, 'start');
    const file = bench.parts.layout.progressFile(directory, (await bench.runOf(id)).id);
    await rm(file);
    await mkdir(file);
    await bench.parts.clock.advance(2000);
    bench.parts.probe.set(app_port!, { httpStatus: 200 });
    await bench.until(id, ({ status }) => status === 'started');
  });

  it('ends a process that could not be written down', async () => {
    const { id } = await bench.create();
    const identity = bench.parts.store.writeIdentity.bind(bench.parts.store);
    bench.parts.store.writeIdentity = () => Promise.reject(new Error('SQLITE_FULL'));
    await expect(bench.parts.supervisor.ask(id, 'start')).rejects.toThrow();
    expect(bench.parts.launcher.stops).toHaveLength(1);
    bench.parts.store.writeIdentity = identity;
    await bench.parts.supervisor.ask(id, 'start');
    expect((await bench.parts.store.view(id)).status).toBe('starting');
  });

  it('gives what an instance does not choose from versions.env, and refuses a host name twice', async () => {
    await writeFile(
      join(bench.root, 'versions.env'),
      'TORCH_VERSION=2.10.0\nPYTORCH_INDEX_URL=https://example.org/cu130\n',
    );
    const { id } = await bench.create('App', {
      torch_version: '2.9.1',
      hostname: 'Comfy.Example.org',
      use_custom_hostname: true,
    });
    await bench.parts.supervisor.ask(id, 'start');
    expect(bench.parts.launcher.launches[0]!.env).toMatchObject({
      TORCH_VERSION: '2.9.1',
      PYTORCH_INDEX_URL: 'https://example.org/cu130',
    });
    await expect(bench.create('B', { hostname: 'Comfy.Example.org', use_custom_hostname: true })).rejects.toMatchObject(
      {
        code: 'validation_failed',
      },
    );
  });
});
