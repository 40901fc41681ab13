import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlueprintCatalogue } from '@aikore/api/blueprints';
import { AppConfig, AppError, DataLayout, DomainEvents, loadConfig } from '@aikore/api/kernel';
import { LogTail } from '@aikore/api/logs';
import { PortAllocator } from '@aikore/api/ports';
import type { Instance } from '@aikore/contract';
import { InstanceEntity, openDatabase, RunEntity, Transactions } from '@aikore/database';
import { NodeFiles, SpawnError } from '@aikore/platform';
import { FakeClock, FakeFreePorts, FakePortHolder, FakePortProbe, FakeRunLauncher } from '@aikore/platform/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InstanceEditor } from '../instance-editor';
import { InstanceRemover } from '../instance-remover';
import { InstanceStore } from '../instance-store';
import { InstanceWaiter } from '../instance-waiter';
import { InstanceBoot } from './boot';
import { Deliveries } from './deliveries';
import { Provisioner } from './provisioner';
import { Retries } from './retries';
import { RunFollower } from './run-follower';
import { RunSpawner } from './run-spawner';
import { RunStarter } from './run-starter';
import { StatusReasons } from './status-reasons';
import { Supervisor } from './supervisor';
import { TreeSweeper } from './tree-sweeper';

const script = `### AIKORE-METADATA-START ###
# aikore.start_timeout = 10
# aikore.health_path = /ready
### AIKORE-METADATA-END ###
exec app
`;

/** The whole module over a real database and real files; processes, ports and time are fakes. */
async function assemble(root: string) {
  const config = new AppConfig({
    ...loadConfig(
      { AIKORE_DATA_DIR: root, AIKORE_INSTANCE_PORT_RANGE: '19001-19003' },
      { blueprintsDir: join(root, 'stock'), version: '0' },
    ),
  });
  const layout = new DataLayout(root);
  const { dataSource } = await openDatabase({
    file: layout.database,
    backupsDir: layout.backups,
    portRange: { first: 19001, last: 19003 },
  });
  const events = new DomainEvents();
  const clock = new FakeClock();
  const launcher = new FakeRunLauncher(() => clock.now());
  const [freePorts, holder, probe, files] = [
    new FakeFreePorts(),
    new FakePortHolder(),
    new FakePortProbe(),
    new NodeFiles(),
  ];
  const instances = dataSource.getRepository(InstanceEntity);
  const store = new InstanceStore(
    instances,
    dataSource.getRepository(RunEntity),
    new Transactions(dataSource),
    events,
    clock,
  );
  const catalogue = new BlueprintCatalogue(config, layout);
  const provisioner = new Provisioner(layout, files, catalogue);
  const ports = new PortAllocator(config, instances, freePorts, holder);
  const spawner = new RunSpawner(config, layout, files, launcher);
  const supervisor = new Supervisor(
    store,
    new Deliveries(clock),
    new RunStarter(store, provisioner, ports, spawner),
    new TreeSweeper(config, layout, launcher, freePorts, holder),
    new Retries(clock),
    new RunFollower(layout, clock, files, probe),
    new StatusReasons(layout, new LogTail()),
  );
  const remover = new InstanceRemover(layout, store, files);
  const editor = new InstanceEditor(store, ports, catalogue, provisioner);
  const boot = new InstanceBoot(store, supervisor, remover);
  return {
    dataSource,
    events,
    clock,
    launcher,
    freePorts,
    holder,
    probe,
    store,
    supervisor,
    remover,
    editor,
    boot,
    layout,
  };
}

describe('Supervisor', () => {
  let root: string;
  let parts: Awaited<ReturnType<typeof assemble>>;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'aikore-supervisor-'));
    await mkdir(join(root, 'stock'), { recursive: true });
    await mkdir(join(root, 'instances'), { recursive: true });
    await mkdir(join(root, 'outputs'), { recursive: true });
    await writeFile(join(root, 'stock', 'App.sh'), script);
    parts = await assemble(root);
  });

  afterEach(async () => {
    await parts.supervisor.close();
    await parts.dataSource.destroy();
    await rm(root, { recursive: true, force: true });
  });

  const create = (name = 'App', more: object = {}) => parts.editor.create({ name, base_blueprint: 'App.sh', ...more });

  /** Let virtual time pass until the instance is as wanted. Real file and database work needs real turns in between. */
  async function until(id: number, wanted: (instance: Instance) => boolean): Promise<Instance> {
    const deadline = Date.now() + 5000;
    for (;;) {
      const instance = await parts.store.view(id);
      if (wanted(instance)) return instance;
      if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(instance)}`);
      await parts.clock.advance(50);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async function started(name = 'App', more: object = {}): Promise<Instance> {
    const { id } = await create(name, more);
    const { app_port } = await parts.supervisor.ask(id, 'start');
    parts.probe.set(app_port!, { httpStatus: 200 });
    return until(id, ({ status }) => status === 'started');
  }

  const runOf = async (id: number) => (await parts.store.currentRun(await parts.store.row(id)))!;

  it('provisions at the first start only, and gives the script its environment', async () => {
    const row = await create('My App');
    await expect(readFile(join(root, 'instances', 'My-App', 'launch.sh'))).rejects.toThrow();
    await parts.supervisor.ask(row.id, 'start');
    expect(await readFile(join(root, 'instances', row.directory, 'launch.sh'), 'utf8')).toBe(script);
    const [launch] = parts.launcher.launches;
    expect(launch!.argv).toEqual(['bash', join(root, 'instances', row.directory, 'launch.sh')]);
    expect(launch!.env).toMatchObject({ INSTANCE_NAME: 'My App', BLUEPRINT_ID: 'App', SUBFOLDER: '/instance/my-app/' });
  });

  it('is started when its port answers below 500, not before', async () => {
    const { id } = await create();
    const { app_port } = await parts.supervisor.ask(id, 'start');
    parts.probe.set(app_port!, { httpStatus: 503 });
    await parts.clock.advance(2000);
    expect((await parts.store.view(id)).status).toBe('starting');
    parts.probe.set(app_port!, { httpStatus: 404 });
    const up = await until(id, ({ status }) => status === 'started');
    expect(up.allowedActions).toContain('open');
    expect(parts.probe.probes.at(-1)?.options.path).toBe('/ready');
  });

  it('lets one of many parallel starts through', async () => {
    const { id } = await create();
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => parts.supervisor.ask(id, 'start')));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(parts.launcher.launches).toHaveLength(1);
  });

  it('shows install progress, and does not call an install stalled', async () => {
    const { id } = await create();
    await parts.supervisor.ask(id, 'start');
    const { directory } = await parts.store.row(id);
    await writeFile(parts.layout.progressFile(directory, (await runOf(id)).id), 'install\t2\t5\tPackages\n');
    const busy = await until(id, ({ status }) => status === 'installing');
    expect(busy.progress).toEqual({ phase: 'install', step: 2, steps: 5, text: 'Packages' });
    await parts.clock.advance(60_000);
    expect((await parts.store.view(id)).status).toBe('installing');
  });

  it('is stalled after silence, and comes back when it speaks', async () => {
    const { id } = await create();
    await parts.supervisor.ask(id, 'start');
    await until(id, ({ status }) => status === 'stalled');
    const { directory } = await parts.store.row(id);
    await writeFile(parts.layout.logFile(directory, (await runOf(id)).id), 'still here\n');
    await until(id, ({ status }) => status === 'starting');
  });

  it('tells a crash as an error with its code, its last lines, and what is left', async () => {
    const { id, directory } = await started();
    const run = await runOf(id);
    await writeFile(parts.layout.logFile(directory, run.id), 'loading\nCUDA out of memory\n');
    parts.launcher.exit(run.id, { code: 3 });
    const failed = await until(id, ({ status, run: last }) => status === 'error' && last?.ended_at !== null);
    expect(failed.status_reason).toMatchObject({ code: 'exited', lines: ['loading', 'CUDA out of memory'] });
    expect(failed.run).toMatchObject({ exit_code: 3, signal: null, reason: 'exited' });
    expect(failed.allowedActions).toEqual(['start', 'stop', 'edit', 'delete']);
    await until(id, () => parts.launcher.stops.some(({ runId }) => runId === run.id));
  });

  it('restarts by policy with backoff, and gives up after five fast failures', async () => {
    const { id } = await create('App', { restart_policy: 'on-failure' });
    await parts.supervisor.ask(id, 'start');
    for (let failures = 1; failures < 5; failures++) {
      parts.launcher.exit((await runOf(id)).id, { code: 1 });
      await until(id, ({ run }) => parts.launcher.launches.length === failures + 1 && run?.pid != null);
    }
    parts.launcher.exit((await runOf(id)).id, { code: 1 });
    const last = await until(id, ({ status_reason }) => status_reason?.code === 'gave_up');
    expect(last).toMatchObject({ status: 'error', desired_state: 'stopped' });
    expect(parts.launcher.launches).toHaveLength(5);
  });

  it('a stop cancels a planned restart', async () => {
    const { id } = await create('App', { restart_policy: 'always' });
    await parts.supervisor.ask(id, 'start');
    parts.launcher.exit((await runOf(id)).id, { code: 1 });
    await until(id, ({ status_reason }) => status_reason?.code === 'restarting');
    await parts.supervisor.ask(id, 'stop');
    await until(id, ({ status }) => status === 'stopped');
    await parts.clock.advance(120_000);
    expect((await parts.store.view(id)).status).toBe('stopped');
    expect(parts.launcher.launches).toHaveLength(1);
  });

  it('stops the tree and names what survives', async () => {
    const { id } = await started();
    parts.launcher.onStop = () => ({
      survivors: [{ pid: 77, startTime: 1, command: 'python3 train.py', rssBytes: 0 }],
      killed: 3,
      exit: null,
    });
    await parts.supervisor.ask(id, 'stop');
    const failed = await until(id, ({ status }) => status === 'error');
    expect(failed.status_reason).toMatchObject({ code: 'survivors' });
    expect(failed.status_reason?.message).toContain('python3 train.py (pid 77)');
  });

  it('a restart is a stop and a new run', async () => {
    const { id } = await started();
    const before = await runOf(id);
    await parts.supervisor.ask(id, 'restart');
    await until(id, ({ run }) => run?.id !== before.id && run?.pid != null);
    expect(parts.launcher.launches).toHaveLength(2);
    expect((await parts.dataSource.getRepository(RunEntity).findOneByOrFail({ id: before.id })).reason).toBe('stopped');
  });

  it('a start that fails leaves an error with its sentence, and no port held', async () => {
    const { id } = await create();
    parts.launcher.failNext(new SpawnError('command', 'There is no bash here.'));
    await expect(parts.supervisor.ask(id, 'start')).rejects.toMatchObject({ code: 'start_failed' });
    expect(await parts.store.view(id)).toMatchObject({
      status: 'error',
      status_reason: { code: 'spawn_failed', message: 'There is no bash here.' },
    });
    expect((await runOf(id)).reason).toBe('spawn_failed');
  });

  it('adopts what runs, with the same pid, and finishes what ended meanwhile', async () => {
    const alive = await started('Alive');
    const dead = await started('Dead');
    const [aliveRun, deadRun] = [await runOf(alive.id), await runOf(dead.id)];
    await parts.supervisor.close();
    await parts.dataSource.destroy();
    parts = await assemble(root);
    parts.launcher.seed({ runId: aliveRun.id, runDir: parts.layout.runs(alive.directory) });
    parts.launcher.seed({ runId: deadRun.id, runDir: parts.layout.runs(dead.directory) }, { code: 9 });
    await parts.boot.run();
    expect(await parts.store.view(alive.id)).toMatchObject({ status: 'started', run: { id: aliveRun.id } });
    expect(await parts.store.view(dead.id)).toMatchObject({ status: 'error', run: { exit_code: 9 } });
    expect(parts.launcher.launches).toHaveLength(0);
    parts.launcher.exit(aliveRun.id, { signal: 'SIGKILL' });
    await until(alive.id, ({ run }) => run?.signal === 'SIGKILL');
  });

  it('starts what is marked autostart at boot, healing its port', async () => {
    const { id } = await create('Auto', { autostart: true });
    await parts.store.patch(id, { port: 22 });
    await parts.boot.run();
    expect(await parts.store.view(id)).toMatchObject({ status: 'starting', port: 19001 });
  });

  it('never leases a port twice, and names who holds the pool', async () => {
    const rows = await Promise.all(['A', 'B', 'C', 'D'].map((name) => create(name)));
    const ports = rows.map(({ port }) => port).filter((port) => port !== null);
    expect(new Set(ports).size).toBe(3);
    const without = rows.find(({ port }) => port === null)!;
    await expect(parts.supervisor.ask(without.id, 'start')).rejects.toMatchObject({
      code: 'no_free_port',
      message: expect.stringContaining('"A"') as string,
    });
    expect((await parts.store.view(without.id)).status_reason).toMatchObject({ code: 'port_unavailable' });
    await expect(create('E', { port: 19002 })).rejects.toMatchObject({
      code: 'port_taken',
    } satisfies Partial<AppError>);
  });

  it('moves off a port on which a stranger listens', async () => {
    const { id } = await create();
    parts.freePorts.taken.add(19001);
    parts.holder.holders.set(19001, { pid: 4711, text: 'nginx (pid 4711)' });
    await parts.supervisor.ask(id, 'start');
    expect((await parts.store.view(id)).port).toBe(19002);
  });

  it('keeps the folder when renamed, and asks for a restart only where one is needed', async () => {
    const { id, directory } = await started('Old');
    const edit = (patch: object) => parts.supervisor.exclusively(id, (row) => parts.editor.update(row, patch));
    await edit({ autostart: true, restart_policy: 'always' });
    expect(await parts.store.view(id)).toMatchObject({ needs_restart: false, status: 'started', revision: 2 });
    await edit({ name: 'New' });
    expect(await parts.store.view(id)).toMatchObject({
      directory,
      slug: 'new',
      needs_restart: true,
      status: 'started',
    });
    await edit({ name: 'New' });
    expect((await parts.store.view(id)).revision).toBe(3);
    await expect(edit({ name: 'X', revision: 1 })).rejects.toMatchObject({ code: 'stale_revision' });
    expect((await parts.store.view(id)).name).toBe('New');
  });

  it('deletes to the trash, refuses to overwrite there, and finishes a delete that was cut off', async () => {
    const first = await create('Same');
    await parts.supervisor.ask(first.id, 'start');
    parts.launcher.exit((await runOf(first.id)).id, { code: 0 });
    await until(first.id, ({ status }) => status === 'stopped');
    await parts.supervisor.exclusively(first.id, (row) => parts.remover.remove(row, 'trash', false));
    expect(await readFile(join(root, 'trashcan', first.directory, 'launch.sh'), 'utf8')).toBe(script);

    const second = await create('Same');
    await mkdir(join(root, 'instances', second.directory), { recursive: true });
    await expect(parts.remover.remove(second, 'trash', false)).rejects.toMatchObject({ code: 'trash_conflict' });
    await parts.store.patch(second.id, { pending_delete: 'permanent' });
    await parts.boot.run();
    expect(await parts.store.rows()).toEqual([]);
  });

  it('outlives whatever an app does to its progress file', async () => {
    const { id } = await create();
    const { app_port, directory } = await parts.supervisor.ask(id, 'start');
    const file = parts.layout.progressFile(directory, (await runOf(id)).id);
    await rm(file);
    await mkdir(file);
    await parts.clock.advance(2000);
    parts.probe.set(app_port!, { httpStatus: 200 });
    await until(id, ({ status }) => status === 'started');
  });

  it('delivers the end of an app again until it can be written', async () => {
    const { id } = await started();
    const write = parts.store.transition.bind(parts.store);
    let refusals = 2;
    parts.store.transition = (...args) =>
      refusals-- > 0 ? Promise.reject(new Error('SQLITE_FULL: database or disk is full')) : write(...args);
    parts.launcher.exit((await runOf(id)).id, { code: 5 });
    await until(id, ({ status, run }) => status === 'error' && run?.exit_code === 5);
    expect(refusals).toBeLessThan(0);
  });

  it('ends a process that could not be written down', async () => {
    const { id } = await create();
    const identity = parts.store.writeIdentity.bind(parts.store);
    parts.store.writeIdentity = () => Promise.reject(new Error('SQLITE_FULL'));
    await expect(parts.supervisor.ask(id, 'start')).rejects.toThrow();
    expect(parts.launcher.stops).toHaveLength(1);
    parts.store.writeIdentity = identity;
    await parts.supervisor.ask(id, 'start');
    expect((await parts.store.view(id)).status).toBe('starting');
  });

  it('names what an ended app left behind, and Stop tries again', async () => {
    const { id } = await started();
    parts.launcher.onStop = () => ({
      survivors: [{ pid: 78, startTime: 1, command: 'worker', rssBytes: 0 }],
      killed: 1,
      exit: null,
    });
    parts.launcher.exit((await runOf(id)).id, { code: 0 });
    await until(id, ({ status_reason }) => status_reason?.code === 'survivors');
    parts.launcher.onStop = null;
    await parts.supervisor.ask(id, 'stop');
    await until(id, ({ status }) => status === 'stopped');
  });

  it('finishes a restart that the last server was cut off in', async () => {
    const { id } = await started();
    const before = await runOf(id);
    await parts.store.patch(id, { status: 'stopping', desired_state: 'started' });
    await parts.supervisor.close();
    await parts.dataSource.destroy();
    parts = await assemble(root);
    parts.launcher.seed({ runId: before.id, runDir: parts.layout.runs('App') }, { code: 0 });
    await parts.boot.run();
    await until(id, ({ run, status }) => status === 'starting' && run?.id !== before.id && run?.pid != null);
    expect(parts.launcher.stops.map(({ runId }) => runId)).toContain(before.id);
  });

  it('tells a killed launcher from a machine that restarted', async () => {
    const { id } = await started();
    parts.launcher.exit((await runOf(id)).id, { lost: true });
    const killed = await until(id, ({ status }) => status === 'error');
    expect(killed.status_reason?.message).toContain('together with its launcher');

    const other = await started('Other');
    await parts.supervisor.close();
    await parts.dataSource.destroy();
    parts = await assemble(root);
    await parts.boot.run();
    expect(await parts.store.view(other.id)).toMatchObject({ status: 'stopped', run: { reason: 'lost' } });
  });

  it('tries a start by policy again when it fails', async () => {
    const { id } = await create('App', { restart_policy: 'always' });
    await parts.supervisor.ask(id, 'start');
    parts.launcher.failNext(new SpawnError('launcher', 'No memory.'));
    parts.launcher.exit((await runOf(id)).id, { code: 1 });
    await until(
      id,
      ({ status, run }) =>
        status === 'starting' && run?.pid != null && run.ended_at === null && parts.launcher.launches.length === 3,
    );
  });

  it('gives one of several creates of the same name the name, and none a 500', async () => {
    const outcomes = await Promise.allSettled([create('Twin'), create('Twin'), create('twin')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((outcomes[1] as PromiseRejectedResult).reason).toMatchObject({ code: 'name_taken' });
  });

  it('leaves the script alone when an edit is refused, and keeps it when one is made', async () => {
    await writeFile(join(root, 'stock', 'Other.sh'), 'exec other\n');
    const { id, directory } = await started();
    const launch = join(root, 'instances', directory, 'launch.sh');
    const edit = (patch: object) => parts.supervisor.exclusively(id, (row) => parts.editor.update(row, patch));
    await expect(edit({ base_blueprint: 'Other.sh', port: 22 })).rejects.toMatchObject({ code: 'validation_failed' });
    expect(await readFile(launch, 'utf8')).toBe(script);
    await edit({ base_blueprint: 'Other.sh' });
    expect(await readFile(launch, 'utf8')).toBe('exec other\n');
    expect(await readFile(`${launch}.previous-1`, 'utf8')).toBe(script);
  });

  it('tells a waiter that its instance is gone', async () => {
    const { id } = await create();
    const waiter = new InstanceWaiter(parts.store, parts.events, parts.clock);
    await parts.supervisor.ask(id, 'start');
    const waiting = waiter.until(id, 'started', 60);
    await parts.supervisor.ask(id, 'stop');
    await expect(waiting).rejects.toMatchObject({ code: 'wrong_state' });
  });

  it('gives what an instance does not choose from versions.env, and refuses a host name twice', async () => {
    await writeFile(join(root, 'versions.env'), 'TORCH_VERSION=2.10.0\nPYTORCH_INDEX_URL=https://example.org/cu130\n');
    const { id } = await create('App', {
      torch_version: '2.9.1',
      hostname: 'Comfy.Example.org',
      use_custom_hostname: true,
    });
    await parts.supervisor.ask(id, 'start');
    expect(parts.launcher.launches[0]!.env).toMatchObject({
      TORCH_VERSION: '2.9.1',
      PYTORCH_INDEX_URL: 'https://example.org/cu130',
    });
    await expect(create('B', { hostname: 'Comfy.Example.org', use_custom_hostname: true })).rejects.toMatchObject({
      code: 'validation_failed',
    });
  });
});
