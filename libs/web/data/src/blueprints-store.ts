import { Injectable, computed, inject, signal } from '@angular/core';
import { routes, type Blueprint } from '@aikore/contract';
import { ApiClient } from './api-client';

/** The catalogue of blueprints. */
@Injectable({ providedIn: 'root' })
export class BlueprintsStore {
  private readonly api = inject(ApiClient);
  private readonly list = signal<readonly Blueprint[]>([]);

  readonly blueprints = this.list.asReadonly();
  private readonly byFile = computed(() => new Map(this.list().map((item) => [item.filename, item])));

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
