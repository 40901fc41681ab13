import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DomainEvents } from '@aikore/api/kernel';
import { publicPort } from '@aikore/api/ports';
import { AppRoutes } from '@aikore/api/proxy';
import type { InstanceEntity } from '@aikore/database';
import type { AppRoute } from '@aikore/domain';
import { InstanceStore } from './instance-store';

/** Keeps the proxy's routes as the instances are: routes are data, made anew from the database and reconciled. */
@Injectable()
export class RoutePublisher implements OnApplicationBootstrap {
  private readonly logger = new Logger(RoutePublisher.name);
  private pending: Promise<void> | null = null;
  private wanted = false;
  private published = '';

  constructor(
    private readonly store: InstanceStore,
    private readonly routes: AppRoutes,
    events: DomainEvents,
  ) {
    events.on('instance.changed', () => this.publishSoon());
    events.on('instance.removed', () => this.publishSoon());
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.publish();
  }

  /** Many changes in a row become one or two publications. */
  private publishSoon(): void {
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
    for (const { port, message } of problems) this.logger.warn(`Port ${port}: ${message}`);
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
