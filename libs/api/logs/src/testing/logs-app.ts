import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  AppConfig,
  DataLayout,
  DomainEvents,
  type Gate,
  GatedSocketAdapter,
  HttpErrorFilter,
  loadConfig,
} from '@aikore/api/kernel';
import type { Run } from '@aikore/contract';
import { entities, InstanceEntity, RunEntity, toRun } from '@aikore/database';
import { DataSource } from 'typeorm';
import { LogsModule } from '../logs.module';

const everybody = { userId: 1, username: 'tester', role: 'viewer', via: 'token', credential: 'test' } as const;

/** Lets everybody in, as a viewer. */
const openGate = { judge: () => ({ refused: null, identity: everybody }) } as unknown as Gate;

/** A real Nest application with the logs module only, on a port of its own, with a data folder of its own. */
export class LogsApp {
  private constructor(
    private readonly app: NestExpressApplication,
    private readonly root: string,
    readonly url: string,
  ) {}

  static async start(config: Partial<AppConfig> = {}): Promise<LogsApp> {
    const root = await mkdtemp(join(tmpdir(), 'aikore-logs-'));
    const defaults = loadConfig({ AIKORE_DATA_DIR: root }, { blueprintsDir: root, version: 'test' });
    const app = await NestFactory.create<NestExpressApplication>(
      rootModule(new AppConfig({ ...defaults, ...config })),
      { logger: ['error', 'warn'], abortOnError: false },
    );
    app.useWebSocketAdapter(new GatedSocketAdapter(app, openGate, app.get(DomainEvents)));
    app.useGlobalFilters(new HttpErrorFilter());
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    return new LogsApp(app, root, `http://127.0.0.1:${port}`);
  }

  get<T>(token: abstract new (...args: never[]) => T): T {
    return this.app.get<T>(token);
  }

  async addInstance(name = `app-${randomUUID().slice(0, 8)}`): Promise<InstanceEntity> {
    const instances = this.app.get(DataSource).getRepository(InstanceEntity);
    return instances.save(instances.create({ name, slug: name, directory: name, base_blueprint: 'Test.sh' }));
  }

  /** Row, empty log file and event of a run that begins. */
  async beginRun(instance: InstanceEntity, values: Partial<RunEntity> = {}): Promise<{ run: Run; path: string }> {
    const runs = this.app.get(DataSource).getRepository(RunEntity);
    const started_at = new Date().toISOString();
    const { id } = await runs.save(runs.create({ id: randomUUID(), instance_id: instance.id, started_at, ...values }));
    const path = this.get(DataLayout).logFile(instance.directory, id);
    await mkdir(dirname(path), { recursive: true });
    const run = toRun(await this.row(id));
    this.app.get(DomainEvents).emit('run.started', { instanceId: instance.id, directory: instance.directory, run });
    return { run, path };
  }

  async endRun(instance: InstanceEntity, runId: string): Promise<void> {
    const runs = this.app.get(DataSource).getRepository(RunEntity);
    await runs.update(runId, { ended_at: new Date().toISOString(), exit_code: 0, reason: 'exited' });
    const run = toRun(await this.row(runId));
    this.app.get(DomainEvents).emit('run.ended', { instanceId: instance.id, directory: instance.directory, run });
  }

  row(runId: string): Promise<RunEntity> {
    return this.app.get(DataSource).getRepository(RunEntity).findOneByOrFail({ id: runId });
  }

  async close(): Promise<void> {
    await this.app.close();
    await rm(this.root, { recursive: true, force: true });
  }
}

function rootModule(config: AppConfig): new () => object {
  @Global()
  @Module({
    providers: [
      DomainEvents,
      { provide: AppConfig, useValue: config },
      { provide: DataLayout, useValue: new DataLayout(config.dataDir) },
    ],
    exports: [DomainEvents, AppConfig, DataLayout],
  })
  class Globals {}

  @Module({
    imports: [
      Globals,
      TypeOrmModule.forRoot({ type: 'sqlite', database: ':memory:', entities, synchronize: true }),
      LogsModule,
    ],
  })
  class Root {}
  return Root;
}
