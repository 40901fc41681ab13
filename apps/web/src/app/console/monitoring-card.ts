import { ChangeDetectionStrategy, Component, computed, effect, inject, signal, untracked } from '@angular/core';
import { instanceStatuses, routes } from '@aikore/contract';
import { ApiClient, Connection, InstancesStore, PortsStore } from '@aikore/web/data';
import { StatusChip, formatMoment } from '@aikore/web/ui';

/** What is known about the server: its version, its instances by status, its pool of ports. */
@Component({
  selector: 'ak-monitoring-card',
  imports: [StatusChip],
  template: `
    <section>
      <h3>Server</h3>
      <dl>
        <dt>Version</dt>
        <dd data-testid="server-version">{{ version() || '…' }}</dd>
        <dt>Connection</dt>
        <dd>{{ connection.state() }} since {{ since() }}</dd>
      </dl>
    </section>
    <section>
      <h3>
        Instances <span class="total">{{ store.instances().length }}</span>
      </h3>
      <ul>
        @for (item of counts(); track item.status) {
          <li>
            <ak-status-chip [status]="item.status" /><b>{{ item.count }}</b>
          </li>
        } @empty {
          <li class="ak-dim">None yet</li>
        }
      </ul>
    </section>
    @if (pool.range(); as range) {
      <section>
        <h3>Public ports</h3>
        <div class="meter" role="img" [attr.aria-label]="used() + ' of ' + pool.ports().length + ' ports are used'">
          @for (port of pool.ports(); track port.port) {
            <span [attr.data-state]="port.state" [title]="port.port + ': ' + port.state"></span>
          }
        </div>
        <p>
          <b>{{ used() }}</b> used, <b>{{ pool.free().length }}</b> free
          <span class="ak-dim">of {{ range.from }}–{{ range.to }}</span>
          @if (foreign() > 0) {
            <span class="foreign">· {{ foreign() }} held by other programs</span>
          }
        </p>
      </section>
    }
  `,
  styleUrl: './monitoring-card.scss',
  host: { 'data-testid': 'monitoring' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MonitoringCard {
  protected readonly connection = inject(Connection);
  protected readonly store = inject(InstancesStore);
  protected readonly pool = inject(PortsStore);
  private readonly api = inject(ApiClient);

  protected readonly version = signal('');
  protected readonly since = computed(() => formatMoment(this.connection.since(), new Date()));
  protected readonly counts = computed(() =>
    instanceStatuses
      .map((status) => ({ status, count: this.store.instances().filter((item) => item.status === status).length }))
      .filter(({ count }) => count > 0),
  );
  protected readonly used = computed(() => this.pool.ports().filter(({ state }) => state === 'leased').length);
  protected readonly foreign = computed(() => this.pool.ports().filter(({ state }) => state === 'foreign').length);
  /** Changes exactly when a lease may have changed. */
  private readonly leases = computed(() =>
    this.store
      .instances()
      .map(({ id, port }) => `${id}:${port ?? ''}`)
      .join(),
  );

  constructor() {
    effect(() => {
      this.leases();
      untracked(() => void this.pool.load().catch(() => undefined));
    });
    // After a restart the server may be another version.
    effect(() => {
      if (this.connection.state() === 'live') untracked(() => void this.readVersion());
    });
  }

  private async readVersion(): Promise<void> {
    try {
      this.version.set((await this.api.call(routes.health)).version);
    } catch {
      // The connection state says that the server is away.
    }
  }
}
