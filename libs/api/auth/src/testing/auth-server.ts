import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, Global, type INestApplication, Module, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory } from '@nestjs/core';
import { WebSocketGateway } from '@nestjs/websockets';
import { DataSource } from 'typeorm';
import { routes, sockets } from '@aikore/contract';
import {
  AccessGuard,
  AppConfig,
  DataLayout,
  DomainEvents,
  Endpoint,
  Gate,
  GatedSocketAdapter,
  HttpErrorFilter,
  loadConfig,
  OnRequest,
} from '@aikore/api/kernel';
import { openDatabase } from '@aikore/database';
import { Clock, Files, NodeFiles, SystemClock } from '@aikore/platform';
import { AuditLog } from '../audit/audit-log';
import { AuthModule } from '../auth.module';
import { gateMiddleware } from '../gate/gate.middleware';
import { SetupToken } from '../setup/setup-token';
import { type Answer, call, type Call } from './call';

@Controller()
class HealthController {
  @Endpoint(routes.health)
  health(): { status: 'ok'; version: string } {
    return { status: 'ok', version: '0.0.0' };
  }
}

@WebSocketGateway({ namespace: sockets.instances.namespace })
class InstancesGateway {
  @OnRequest(sockets.instances.requests.join)
  join(): { instances: never[] } {
    return { instances: [] };
  }
}

/** A real server with nothing but the auth module, a health route and one socket namespace. */
export interface AuthServer {
  readonly app: INestApplication;
  readonly port: number;
  readonly dataDir: string;
  readonly config: AppConfig;
  call(method: string, path: string, options?: Call): Promise<Answer>;
  /** Set the admin up; the session's `name=value`. */
  setUp(username?: string, password?: string): Promise<string>;
  setupToken(): Promise<string>;
  audit(): Promise<Record<string, unknown>[]>;
  /** Stop the server; the data folder stays. */
  stop(): Promise<void>;
  /** Stop it and remove its data. */
  remove(): Promise<void>;
}

interface Options {
  /** Data folder of an earlier server: a restart. */
  dataDir?: string;
  env?: Record<string, string>;
  clock?: Clock;
}

export async function startAuthServer(options: Options = {}): Promise<AuthServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'aikore-auth-')));
  const env = { AIKORE_DATA_DIR: dataDir, AIKORE_PORT: '0', ...options.env };
  const config = loadConfig(env, { blueprintsDir: dataDir, version: '0.0.0' });
  const layout = new DataLayout(dataDir);
  const { dataSource } = await openDatabase({
    file: layout.database,
    backupsDir: layout.backups,
    portRange: config.portRange,
  });
  const app = await bootstrap(config, layout, dataSource, options.clock ?? new SystemClock()).catch(async (error) => {
    await dataSource.destroy();
    throw error;
  });
  const { port } = app.getHttpServer().address() as AddressInfo;
  return serverOf({ app, port, dataDir, config, dataSource });
}

async function bootstrap(
  config: AppConfig,
  layout: DataLayout,
  dataSource: DataSource,
  clock: Clock,
): Promise<INestApplication> {
  const app = await NestFactory.create(rootOf(config, layout, dataSource, clock), {
    logger: false,
    abortOnError: false,
  });
  app.use(...gateMiddleware(app));
  app.useWebSocketAdapter(new GatedSocketAdapter(app, app.get(Gate), app.get(DomainEvents)));
  await app.listen(0, '127.0.0.1');
  return app;
}

function rootOf(config: AppConfig, layout: DataLayout, dataSource: DataSource, clock: Clock): Type<unknown> {
  const shared = [
    { provide: AppConfig, useValue: config },
    { provide: DataLayout, useValue: layout },
    { provide: DataSource, useValue: dataSource },
    { provide: Clock, useValue: clock },
    { provide: Files, useClass: NodeFiles },
    DomainEvents,
  ];
  @Global()
  @Module({ providers: shared, exports: [AppConfig, DataLayout, DataSource, Clock, Files, DomainEvents] })
  class SharedModule {}
  @Module({
    imports: [SharedModule, AuthModule],
    controllers: [HealthController],
    providers: [
      InstancesGateway,
      { provide: APP_GUARD, useClass: AccessGuard },
      { provide: APP_FILTER, useClass: HttpErrorFilter },
    ],
  })
  class RootModule {}
  return RootModule;
}

type Running = Pick<AuthServer, 'app' | 'port' | 'dataDir' | 'config'> & { dataSource: DataSource };

function serverOf({ dataSource, ...running }: Running): AuthServer {
  const { app, port, dataDir } = running;
  const setupToken = async (): Promise<string> => (await app.get(SetupToken).announce(port))?.split('#token=')[1] ?? '';
  const stop = async (): Promise<void> => {
    await app.close();
    if (dataSource.isInitialized) await dataSource.destroy();
  };
  return {
    ...running,
    call: (method, path, options) => call(port, method, path, options),
    setupToken,
    setUp: async (username = 'admin', password = 'correct horse') => {
      const body = { token: await setupToken(), username, password };
      const answer = await call(port, 'POST', '/api/setup', { body });
      if (answer.status !== 201) throw new Error(`The set-up failed: ${answer.text}`);
      return answer.cookie;
    },
    audit: async () => {
      await app.get(AuditLog).flush();
      const text = await new NodeFiles().readText(new DataLayout(dataDir).audit);
      return (text ?? '')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    },
    stop,
    remove: async () => {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
