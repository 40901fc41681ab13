import { chmod, open } from 'node:fs/promises';
import type { Server } from 'node:http';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { gateMiddleware, SetupToken } from '@aikore/api/auth';
import { ExposureWatch, InstanceBoot } from '@aikore/api/instances';
import { type AppConfig, consoleOrigin, DataLayout, DomainEvents, Gate, GatedSocketAdapter } from '@aikore/api/kernel';
import { FrontDoor } from '@aikore/api/proxy';
import { TerminalSessions } from '@aikore/api/terminals';
import { InstanceEntity, lockDataDir, openDatabase } from '@aikore/database';
import { routes } from '@aikore/contract';
import { isActive } from '@aikore/domain';
import { ensureDir } from '@aikore/platform';
import express from 'express';
import type { DataSource } from 'typeorm';
import { apiDocs } from './api-docs';
import { AppModule } from './app.module';
import { jsonBody } from './json-body';
import { product } from './product';
import { ServerLogger } from './server-logger';
import { noWebApp, webApp } from './web-app';

export interface RunningServer {
  /** Lines for the person who started it: the address, and the set-up link while there is no admin. */
  readonly greeting: readonly string[];
  /** Stop serving; instances go on. @returns how many run */
  close(): Promise<number>;
}

/**
 * Bring the whole server up: lock the data folder, open and migrate the database, take the port, adopt what runs.
 *
 * @throws DataDirLockedError, DatabaseRefusedError, or an Error with a sentence
 */
export async function startServer(config: AppConfig): Promise<RunningServer> {
  Logger.overrideLogger(new ServerLogger());
  const layout = new DataLayout(config.dataDir);
  await makeFolders(layout);
  await keepPrivate(layout);
  const lock = await lockDataDir(config.dataDir);
  const { dataSource } = await openDatabase({
    file: layout.database,
    backupsDir: layout.backups,
    portRange: config.portRange,
    appVersion: config.version,
    logger: new Logger('Database'),
  });
  const app = await createApp(config, dataSource);
  const frontDoor = app.get(FrontDoor);
  const { port } = await frontDoor.listen();
  const boot = app.get(InstanceBoot);
  await boot.adopt();
  frontDoor.attachConsole(app.getHttpServer() as Server);
  app.get(ExposureWatch).begin();
  void boot
    .wake()
    .catch((error: unknown) => new Logger('Boot').error(`Not every instance was started: ${String(error)}`));
  const setup = await app.get(SetupToken).announce(port);
  return {
    greeting: greet(config, port, setup),
    close: async () => {
      const rows = await dataSource.getRepository(InstanceEntity).find({ select: { id: true, status: true } });
      // While there are connections on which it can be told why they end.
      await app.get(TerminalSessions).endAll();
      await frontDoor.close();
      await app.close();
      await lock.release();
      return rows.filter(({ status }) => isActive(status)).length;
    },
  };
}

/** A script of 1 MiB grows when it is written as JSON: each quote and line end takes two characters. */
const scriptPaths = [routes.saveScript, routes.checkScript, routes.saveBlueprint].map(({ path }) => path);

/** The Nest application behind the front door. It never listens itself. */
export async function createApp(config: AppConfig, dataSource: DataSource): Promise<NestExpressApplication> {
  const http = express();
  // One spelling of each address, for the routes as for whoever keeps rules about them. Nest makes the router at once.
  http.enable('case sensitive routing');
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.with(config, dataSource),
    new ExpressAdapter(http),
    {
      // Nest would end the process itself, without the sentence that says what to do.
      abortOnError: false,
      bodyParser: false,
    },
  );
  app.disable('x-powered-by');
  // Answers of the API are never cached; hashing each of them would be work for nothing.
  app.disable('etag');
  app.use(...gateMiddleware(app));
  app.use(scriptPaths, jsonBody('3mb'));
  app.use('/api', jsonBody('1mb'));
  app.use('/api/docs', apiDocs(config.version));
  app.use(product.webDir ? webApp(product.webDir) : noWebApp);
  app.useWebSocketAdapter(new GatedSocketAdapter(app, app.get(Gate), app.get(DomainEvents)));
  await app.init();
  return app;
}

/** The database and its copies hold password hashes: nobody else on the machine reads them. */
async function keepPrivate({ database, backups }: DataLayout): Promise<void> {
  await (await open(database, 'a', 0o600)).close();
  await chmod(database, 0o600);
  await ensureDir(backups);
  await chmod(backups, 0o700);
}

async function makeFolders(layout: DataLayout): Promise<void> {
  try {
    for (const folder of [
      layout.root,
      layout.instances,
      layout.outputs,
      layout.models,
      layout.customBlueprints,
      layout.temp,
    ]) {
      await ensureDir(folder);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The data folder cannot be used. ${reason} Choose another one with AIKORE_DATA_DIR.`, {
      cause: error,
    });
  }
}

function greet(config: AppConfig, port: number, setupUrl: string | null): string[] {
  return [
    `AiKore ${config.version} is ready at ${consoleOrigin(config, port)}`,
    ...(setupUrl ? [`Set the admin's password here (works once): ${setupUrl}`] : []),
    ...(config.auth === 'none'
      ? ['WARNING: AIKORE_AUTH=none: everybody who reaches this port can run programs here.']
      : []),
  ];
}
