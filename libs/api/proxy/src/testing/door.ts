import { createServer, type Server } from 'node:http';
import { DomainEvents, loadConfig } from '@aikore/api/kernel';
import type { AppRoute } from '@aikore/domain';
import { FakePortHolder } from '@aikore/platform/testing';
import { EmbeddedProxy } from '../embedded-proxy';
import { FrontDoor } from '../front-door';
import { FakeGate } from './fake-gate';

/** A front door on a free port of loopback, with a console that says what it was asked. */
export interface TestDoor {
  readonly gate: FakeGate;
  readonly holder: FakePortHolder;
  readonly events: DomainEvents;
  readonly proxy: EmbeddedProxy;
  readonly door: FrontDoor;
  readonly console: Server;
  readonly port: number;
}

/** @param letIn false: as while the server starts */
export async function openDoor(routes: readonly AppRoute[], letIn = true): Promise<TestDoor> {
  const config = loadConfig({ AIKORE_PORT: '0' }, { blueprintsDir: '.', version: '0' });
  const gate = new FakeGate();
  const holder = new FakePortHolder();
  const events = new DomainEvents();
  const proxy = new EmbeddedProxy(config, gate, holder, events);
  const door = new FrontDoor(config, gate, holder, proxy);
  const console = createServer((request, response) => response.end(`console ${request.url}`));
  if (letIn) door.attachConsole(console);
  const { port } = await door.listen();
  await proxy.apply(routes);
  return { gate, holder, events, proxy, door, console, port };
}

export const appRoute = (values: Partial<AppRoute> = {}): AppRoute => ({
  instanceId: 7,
  slug: 'echo',
  name: 'Echo',
  status: 'started',
  progress: null,
  reason: null,
  appPort: null,
  publicPort: null,
  ...values,
});
