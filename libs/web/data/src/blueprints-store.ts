import { Injectable, computed, inject, signal } from '@angular/core';
import { routes, sockets, type Blueprint } from '@aikore/contract';
import { ApiClient } from './api-client';
import { Connection } from './connection';

/** The catalogue of blueprints; read again whenever the server says that it changed. */
@Injectable({ providedIn: 'root' })
export class BlueprintsStore {
  private readonly api = inject(ApiClient);
  private readonly list = signal<readonly Blueprint[]>([]);

  readonly blueprints = this.list.asReadonly();
  private readonly byFile = computed(() => new Map(this.list().map((item) => [item.filename, item])));

  constructor() {
    const channel = inject(Connection).channel(sockets.instances.namespace);
    // An older list stays when this fails: the next connect tries again.
    const reload = () => void this.load().catch(() => undefined);
    channel.on(sockets.instances.messages.blueprintsChanged, reload);
    channel.onConnect(() => {
      if (this.list().length > 0) reload();
    });
  }

  /** Reads the catalogue again. @throws ApiError */
  async load(): Promise<void> {
    this.list.set(await this.api.call(routes.listBlueprints));
  }

  find(filename: string): Blueprint | undefined {
    return this.byFile().get(filename);
  }

  /** The name to show for a blueprint's file. */
  title(filename: string): string {
    return this.find(filename)?.name || filename.replace(/\.sh$/, '');
  }
}
