import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import {
  AppConfig,
  bracketed,
  DomainEvents,
  Gate,
  type Identity,
  isLocalhost,
  Mailbox,
  protocolOf,
} from '@aikore/api/kernel';
import { type AppRoute, isReachable, planListeners, type RouteTable, routeTable } from '@aikore/domain';
import { PortHolder } from '@aikore/platform';
import { entryAddress, landing } from './app/entry';
import { AppServer } from './app/app-server';
import { AppRoutes, type ConsoleAddress, type FrameVerdict, type RouteProblem } from './app-routes';
import { askFraming } from './forward/ask-framing';
import { Upstreams } from './forward/upstreams';
import { explainListenError } from './http/explain-listen-error';
import { PublicListener, type Reception } from './http/public-listener';

interface PoolPort {
  readonly instanceId: number;
  readonly listener: PublicListener;
}

/** The proxy inside the server: the table of routes, and a listener for each leased pool port. */
@Injectable()
export class EmbeddedProxy extends AppRoutes {
  /** Replaced as a whole, so that a request sees one state of all routes. */
  private routes: RouteTable = routeTable([]);
  private readonly ports = new Map<number, PoolPort>();
  private readonly turns = new Mailbox<'apply'>();
  private closed = false;
  private readonly upstreams = new Upstreams();
  readonly apps: AppServer;
  /** The port that the console really listens on: visitors of a pool port are shown the way there. */
  consolePort: number;

  constructor(
    private readonly config: AppConfig,
    private readonly gate: Gate,
    private readonly holder: PortHolder,
    events: DomainEvents,
  ) {
    super();
    this.consolePort = config.port;
    this.apps = new AppServer(gate, this.upstreams, (request) => this.consoleUrlFor(request));
    events.on('credential.ended', ({ credential }) => this.apps.tunnels.end(credential));
  }

  get table(): RouteTable {
    return this.routes;
  }

  apply(routes: readonly AppRoute[]): Promise<{ problems: RouteProblem[] }> {
    return this.turns.post('apply', async () => {
      if (this.closed) return { problems: [] };
      this.routes = routeTable(routes);
      this.upstreams.keepOnly(new Set(routes.filter(isReachable).map(({ appPort }) => appPort as number)));
      const current = new Map([...this.ports].map(([port, { instanceId }]) => [port, instanceId]));
      const plan = planListeners(current, routes);
      await Promise.all(plan.close.map((port) => this.closePort(port)));
      const problems = await Promise.all([...plan.open].map(([port, instanceId]) => this.openPort(port, instanceId)));
      return { problems: problems.filter((problem) => problem !== null) };
    });
  }

  openUrl(instanceId: number, identity: Identity, console: ConsoleAddress, path: string, embed = false): string | null {
    const route = this.routes.byId.get(instanceId);
    const origin = route && ((embed && this.poolOrigin(route, console)) || this.originOf(route, console));
    return origin ? origin + entryAddress(this.gate.issueTicket(identity, instanceId), landing(path)) : null;
  }

  async framing(instanceId: number, console: ConsoleAddress, path: string): Promise<FrameVerdict> {
    const route = this.routes.byId.get(instanceId);
    const origin = route && this.poolOrigin(route, console);
    if (!origin) return 'cookies';
    if (!isReachable(route)) return 'unknown';
    const { name, port, protocol } = console;
    const embedder = `${protocol}://${bracketed(name)}${port === null ? '' : `:${port}`}`;
    const app = this.upstreams.to(route.appPort as number);
    return (await askFraming(app, new URL(origin).host, landing(path), embedder)) ?? 'unknown';
  }

  /** The instance's own port on the console's host: the same site. Null while nothing listens there. */
  private poolOrigin({ publicPort }: AppRoute, { name }: ConsoleAddress): string | null {
    if (publicPort === null || !this.ports.has(publicPort)) return null;
    return `http://${bracketed(name)}:${publicPort}`;
  }

  /** Close every pool port and every connection to an app; what is applied from then on has no effect. */
  async close(): Promise<void> {
    await this.turns.post('apply', async () => {
      this.closed = true;
      await Promise.all([...this.ports.keys()].map((port) => this.closePort(port)));
      this.upstreams.keepOnly(new Set());
    });
  }

  /** `<slug>.localhost` isolates best and needs no lease; over a network there is only the pool port. */
  private originOf(route: AppRoute, console: ConsoleAddress): string | null {
    const { name, port, protocol } = console;
    if (isLocalhost(name) || name.endsWith('.localhost')) {
      return `${protocol}://${route.slug}.localhost${port === null ? '' : `:${port}`}`;
    }
    return route.publicPort === null ? null : `http://${bracketed(name)}:${route.publicPort}`;
  }

  private consoleUrlFor(request: IncomingMessage): string {
    const host = this.gate.hostOf(request);
    const name = host?.name ?? 'localhost';
    const isSubdomain = name.endsWith('.localhost');
    const port = isSubdomain ? host?.port : this.consolePort;
    return `${protocolOf(request)}://${isSubdomain ? 'localhost' : bracketed(name)}${port ? `:${port}` : ''}/`;
  }

  private async openPort(port: number, instanceId: number): Promise<RouteProblem | null> {
    const listener = new PublicListener(this.receptionOf(port));
    const { host } = this.config;
    try {
      await listener.open(host, port);
      this.ports.set(port, { instanceId, listener });
      return null;
    } catch (error) {
      const advice = 'or give this instance another port';
      return { instanceId, port, message: await explainListenError(error, { host, port }, this.holder, advice) };
    }
  }

  /** The connections of a port that is given up must not reach its next owner: they end at once. */
  private async closePort(port: number): Promise<void> {
    const entry = this.ports.get(port);
    this.ports.delete(port);
    await entry?.listener.close(0);
  }

  private receptionOf(port: number): Reception {
    return {
      request: (request, response) => this.apps.request(request, response, this.routes.byPort.get(port) ?? null),
      upgrade: (request, socket, head) =>
        this.apps.upgrade(request, socket, head, this.routes.byPort.get(port) ?? null),
    };
  }
}
