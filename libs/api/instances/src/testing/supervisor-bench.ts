import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlueprintCatalogue } from '@aikore/api/blueprints';
import { DataLayout, DomainEvents, loadConfig } from '@aikore/api/kernel';
import { LogTail } from '@aikore/api/logs';
import { PortAllocator } from '@aikore/api/ports';
import type { AppRoutes } from '@aikore/api/proxy';
import type { Instance } from '@aikore/contract';
import { InstanceEntity, openDatabase, RunEntity, Transactions } from '@aikore/database';
import { NodeFiles } from '@aikore/platform';
import {
  FakeClock,
  FakeFreePorts,
  FakeMemoryKills,
  FakePortHolder,
  FakePortProbe,
  FakeRunLauncher,
} from '@aikore/platform/testing';
import { ExposureWatch } from '../exposure-watch';
import { InstanceEditor } from '../instance-editor';
import { InstanceRemover } from '../instance-remover';
import { InstanceService } from '../instance-service';
import { InstanceStore } from '../instance-store';
import { InstanceWaiter } from '../instance-waiter';
import { LaunchHistory } from '../launch-history';
import { OrderedInstances } from '../ordered-instances';
import { RoutePublisher } from '../route-publisher';
import { AppPort } from '../supervisor/app-port';
import { InstanceBoot } from '../supervisor/boot';
import { Deliveries } from '../supervisor/deliveries';
import { InstanceLifecycle } from '../supervisor/instance-lifecycle';
import { Provisioner } from '../supervisor/provisioner';
import { Retries } from '../supervisor/retries';
import { RunFollower } from '../supervisor/run-follower';
import { LaunchSettings } from '../supervisor/launch-settings';
import { RunSpawner } from '../supervisor/run-spawner';
import { RunStarter } from '../supervisor/run-starter';
import { StatusReasons } from '../supervisor/status-reasons';
import { Supervisor } from '../supervisor/supervisor';
import { TreeSweeper } from '../supervisor/tree-sweeper';

/** The one stock blueprint, `App.sh`. */
export const stockScript = `### AIKORE-METADATA-START ###
# aikore.start_timeout = 10
# aikore.health_path = /ready
### AIKORE-METADATA-END ###
exec app
`;

const quietRoutes: Pick<AppRoutes, 'apply'> = { apply: () => Promise.resolve({ problems: [] }) };

/** The whole module over a real database and real files; processes, ports and time are fakes. */
async function assemble(root: string) {
  const config = loadConfig(
    { AIKORE_DATA_DIR: root, AIKORE_INSTANCE_PORT_RANGE: '19001-19003' },
    { blueprintsDir: join(root, 'stock'), version: '0' },
  );
  const layout = new DataLayout(root);
  const { dataSource } = await openDatabase({
    file: layout.database,
    backupsDir: layout.backups,
    portRange: { from: 19001, to: 19003 },
  });
  const events = new DomainEvents();
  const clock = new FakeClock();
  const launcher = new FakeRunLauncher(() => clock.now());
  const [freePorts, holder, probe] = [new FakeFreePorts(), new FakePortHolder(), new FakePortProbe()];
  const files = new NodeFiles();
  const instances = dataSource.getRepository(InstanceEntity);
  const runs = dataSource.getRepository(RunEntity);
  const store = new InstanceStore(instances, runs, new Transactions(dataSource), events, clock);
  const catalogue = new BlueprintCatalogue(config, layout);
  const provisioner = new Provisioner(layout, files, catalogue);
  const ports = new PortAllocator(config, instances, freePorts, holder);
  const memoryKills = new FakeMemoryKills();
  const spawner = new RunSpawner(new LaunchSettings(config, layout, files), layout, files, launcher, memoryKills);
  const follower = new RunFollower(layout, clock, files, new AppPort(layout, probe, launcher, holder), events);
  const retries = new Retries(clock);
  const supervisor = new Supervisor(
    new Deliveries(clock),
    new InstanceLifecycle(store, retries, new StatusReasons(layout, new LogTail(), store, memoryKills, clock)),
    new RunStarter(store, provisioner, ports, spawner, follower),
    new TreeSweeper(config, layout, launcher, freePorts, holder),
    retries,
  );
  const remover = new InstanceRemover(layout, store, files);
  const editor = new InstanceEditor(store, ports, catalogue, provisioner);
  const routes = new RoutePublisher(store, quietRoutes as AppRoutes, clock, events);
  const exposure = new ExposureWatch(layout, store, launcher, holder, clock);
  const boot = new InstanceBoot(store, supervisor, remover, routes);
  return {
    dataSource,
    events,
    clock,
    launcher,
    memoryKills,
    history: new LaunchHistory(store, config, files),
    ordered: new OrderedInstances(store),
    freePorts,
    holder,
    probe,
    store,
    supervisor,
    remover,
    service: new InstanceService(store, editor, remover, supervisor, new InstanceWaiter(store, events, clock)),
    editor,
    boot,
    exposure,
    layout,
  };
}

type Parts = Awaited<ReturnType<typeof assemble>>;

/** Instances in a temporary data folder, and a server for them that can be replaced by the next one. */
export class SupervisorBench {
  private constructor(
    readonly root: string,
    public parts: Parts,
  ) {}

  static async open(): Promise<SupervisorBench> {
    const root = await mkdtemp(join(tmpdir(), 'aikore-supervisor-'));
    for (const folder of ['stock', 'instances', 'outputs']) await mkdir(join(root, folder));
    await writeFile(join(root, 'stock', 'App.sh'), stockScript);
    return new SupervisorBench(root, await assemble(root));
  }

  /** What a server does when it starts, before and after it lets people in. */
  async boot(): Promise<void> {
    await this.parts.boot.adopt();
    await this.parts.boot.wake();
  }

  /** The server ends, as it does by itself, and the next one comes up; its fakes know nothing yet. */
  async reopen(): Promise<void> {
    await this.close();
    this.parts = await assemble(this.root);
  }

  async dispose(): Promise<void> {
    await this.close();
    await rm(this.root, { recursive: true, force: true });
  }

  create(name = 'App', more: object = {}): Promise<InstanceEntity> {
    return this.parts.editor.create({ name, base_blueprint: 'App.sh', ...more });
  }

  /** Let virtual time pass until the instance is as wanted. Real file and database work needs real turns in between. */
  async until(id: number, wanted: (instance: Instance) => boolean): Promise<Instance> {
    const deadline = Date.now() + 5000;
    for (;;) {
      const instance = await this.parts.store.view(id);
      if (wanted(instance)) return instance;
      if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(instance)}`);
      await this.parts.clock.advance(50);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** An instance whose app answers. */
  async started(name = 'App', more: object = {}): Promise<Instance> {
    const { id } = await this.create(name, more);
    const { app_port } = await this.parts.supervisor.ask(id, 'start');
    this.parts.probe.set(app_port ?? 0, { httpStatus: 200 });
    return this.until(id, ({ status }) => status === 'started');
  }

  /** The current run of an instance that has one. */
  async runOf(id: number): Promise<RunEntity> {
    const run = await this.parts.store.currentRun(await this.parts.store.row(id));
    if (!run) throw new Error(`instance ${id} has not run`);
    return run;
  }

  private async close(): Promise<void> {
    await this.parts.supervisor.close();
    await this.parts.dataSource.destroy();
  }
}
