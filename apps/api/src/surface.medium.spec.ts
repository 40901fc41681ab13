import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModulesContainer } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { endpointOf, loadConfig, socketRequestOf } from '@aikore/api/kernel';
import { routes, sockets, type SocketRequest } from '@aikore/contract';
import { openDatabase } from '@aikore/database';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Layer {
  readonly name: string;
  readonly route?: { readonly path: string; readonly methods: Record<string, boolean> };
}

/** What Express really has, as `GET /api/x`. */
function registeredRoutes(app: NestExpressApplication): string[] {
  const { router } = app.getHttpAdapter().getInstance() as unknown as { router: { stack: Layer[] } };
  return router.stack.flatMap(({ route }) =>
    route ? Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`) : [],
  );
}

/** Methods of everything that Nest made, with the value of a piece of metadata. */
function methodsWith<T>(app: NestExpressApplication, read: (method: object) => T | undefined): T[] {
  const found = new Set<T>();
  for (const module of app.get(ModulesContainer).values()) {
    for (const { instance } of [...module.controllers.values(), ...module.providers.values()]) {
      const prototype: unknown = instance && typeof instance === 'object' ? Object.getPrototypeOf(instance) : null;
      for (const name of prototype ? Object.getOwnPropertyNames(prototype) : []) {
        const method: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
        const value = typeof method === 'function' ? read(method) : undefined;
        if (value !== undefined) found.add(value);
      }
    }
  }
  return [...found];
}

const messageOf = (method: object): string | undefined =>
  Reflect.hasMetadata('websockets:message_mapping', method)
    ? (Reflect.getMetadata('message', method) as string)
    : undefined;

describe('what the server is open to', () => {
  let folder = '';
  let app: NestExpressApplication;
  let dataSource: DataSource;

  beforeAll(async () => {
    // The bundler fills this in.
    (globalThis as { __AIKORE_VERSION__?: string }).__AIKORE_VERSION__ = '0.0.0';
    const { createApp } = await import('./server');
    folder = await mkdtemp(join(tmpdir(), 'aikore-surface-'));
    const config = loadConfig(
      { AIKORE_DATA_DIR: folder, AIKORE_PORT: '0' },
      { blueprintsDir: folder, version: '0.0.0' },
    );
    const { portRange } = config;
    const file = join(folder, 'aikore.db');
    ({ dataSource } = await openDatabase({ file, backupsDir: folder, portRange }));
    app = await createApp(config, dataSource);
  });
  afterAll(async () => {
    await app.close();
    if (dataSource.isInitialized) await dataSource.destroy();
    await rm(folder, { recursive: true, force: true });
  });

  it('has exactly the routes of the contract', () => {
    const declared = Object.values(routes).map(({ method, path }) => `${method} ${path}`);
    expect(registeredRoutes(app).sort()).toEqual(declared.sort());
    expect(methodsWith(app, endpointOf)).toHaveLength(declared.length);
  });

  it('has exactly the socket requests of the contract', () => {
    const declared = Object.values(sockets).flatMap(({ requests }) => Object.values(requests) as SocketRequest[]);
    const handled = methodsWith(app, socketRequestOf);
    expect(handled.map(({ name }) => name).sort()).toEqual(declared.map(({ name }) => name).sort());
    expect(methodsWith(app, messageOf).sort()).toEqual(declared.map(({ name }) => name).sort());
  });
});
