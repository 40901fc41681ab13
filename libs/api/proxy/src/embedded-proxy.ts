import { Injectable } from '@nestjs/common';
import { AppConfig, Gate, type Identity, Mailbox } from '@aikore/api/kernel';
import { type AppRoute, planListeners, type RouteTable, routeTable } from '@aikore/domain';
import { PortHolder } from '@aikore/platform';
import { AppRoutes, type ConsoleAddress, type RouteProblem } from './app-routes';

/** The proxy inside the server: the table of routes, and a listener for each leased pool port. */
@Injectable()
export class EmbeddedProxy extends AppRoutes {
  private table: RouteTable = routeTable([]);
  private readonly turns = new Mailbox<'apply'>();

  constructor(
    private readonly config: AppConfig,
    private readonly gate: Gate,
    private readonly holder: PortHolder,
  ) {
    super();
  }

  apply(routes: readonly AppRoute[]): Promise<{ problems: RouteProblem[] }> {
    return this.turns.post('apply', async () => {
      this.table = routeTable(routes);
      planListeners(new Map(), routes);
      return { problems: [] };
    });
  }

  openUrl(instanceId: number, identity: Identity, console: ConsoleAddress, path: string): string | null {
    const route = this.table.byId.get(instanceId);
    if (!route) return null;
    const ticket = this.gate.issueTicket(identity, instanceId);
    const query = `ticket=${encodeURIComponent(ticket)}&to=${encodeURIComponent(path)}`;
    return `${console.protocol}://${route.slug}.localhost:${console.port ?? this.config.port}/__aikore/enter?${query}`;
  }
}
