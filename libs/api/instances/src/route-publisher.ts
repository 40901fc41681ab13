import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { DomainEvents } from '@aikore/api/kernel';
import { publicPort } from '@aikore/api/ports';
import { AppRoutes } from '@aikore/api/proxy';
import type { InstanceEntity } from '@aikore/database';
import type { AppRoute } from '@aikore/domain';
import { Clock, type Timer } from '@aikore/platform';
import { InstanceStore } from './instance-store';

/** How soon a port that could not be opened is tried again. */
const retryMs = 5000;

/** Keeps the proxy's routes as the instances are: routes are data, made anew from the database and reconciled. */
@Injectable()
export class RoutePublisher implements OnModuleDestroy {
  private readonly logger = new Logger(RoutePublisher.name);
  private pending: Promise<void> | null = null;
  private wanted = false;
  private published = '';
  private complaint = '';
  private retry: Timer | null = null;
  private running = false;

  constructor(
    private readonly store: InstanceStore,
    private readonly routes: AppRoutes,
    private readonly clock: Clock,
    events: DomainEvents,
  ) {
    events.on('instance.changed', () => this.publishSoon());
    events.on('instance.removed', () => this.publishSoon());
  }

  /** Not before the database tells what is true: an app port may belong to somebody else by now. */
  async begin(): Promise<void> {
    this.running = true;
    await this.publish();
  }

  /** The database closes after this: what changes from now on is published by the next server. */
  async onModuleDestroy(): Promise<void> {
    this.running = false;
    await this.pending;
    this.retry?.cancel();
  }

  /** Many changes in a row become one or two publications. */
  private publishSoon(): void {
    if (!this.running) return;
    this.wanted = true;
    this.pending ??= this.drain().finally(() => (this.pending = null));
  }

  private async drain(): Promise<void> {
    while (this.wanted) {
      this.wanted = false;
      await this.publish().catch((error: unknown) =>
        this.logger.error(`Routes could not be applied: ${String(error)}`),
      );
    }
  }

  private async publish(): Promise<void> {
    const routes = (await this.store.rows()).map(toRoute);
    const text = JSON.stringify(routes);
    if (text === this.published) return;
    const { problems } = await this.routes.apply(routes);
    this.published = problems.length > 0 ? '' : text;
    const complaint = problems.map(({ port, message }) => `Port ${port}: ${message}`).join('\n');
    if (complaint && complaint !== this.complaint) this.logger.warn(complaint);
    this.complaint = complaint;
    this.retry?.cancel();
    if (complaint) this.retry = this.clock.setTimeout(() => this.publishSoon(), retryMs);
  }
}

function toRoute(row: InstanceEntity): AppRoute {
  return {
    instanceId: row.id,
    slug: row.slug,
    name: row.name,
    status: row.status,
    progress: row.progress,
    reason: row.status_reason?.message ?? null,
    appPort: row.app_port,
    publicPort: publicPort(row),
  };
}
