import { Injectable, computed, inject, signal } from '@angular/core';
import { routes, type PoolPort, type RouteResult } from '@aikore/contract';
import { ApiClient } from './api-client';

type Pool = RouteResult<typeof routes.listPorts>;

/** The pool of public ports and who holds them. */
@Injectable({ providedIn: 'root' })
export class PortsStore {
  private readonly api = inject(ApiClient);
  private readonly pool = signal<Pool | null>(null);

  readonly range = computed(() => this.pool()?.range ?? null);
  readonly ports = computed<readonly PoolPort[]>(() => this.pool()?.ports ?? []);
  readonly free = computed(() => this.ports().filter(({ state }) => state === 'free'));

  /** Reads the pool again. @throws ApiError */
  async load(): Promise<void> {
    this.pool.set(await this.api.call(routes.listPorts));
  }
}
