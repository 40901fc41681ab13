import { Injectable, inject, signal } from '@angular/core';
import { routes, type VersionChoices } from '@aikore/contract';
import { ApiClient } from './api-client';

const none: VersionChoices = { python: [], cuda: [], torch: [] };

/** Versions of Python, CUDA and Torch that the server proposes. */
@Injectable({ providedIn: 'root' })
export class VersionsStore {
  private readonly api = inject(ApiClient);
  private readonly choices = signal(none);

  readonly versions = this.choices.asReadonly();

  /** @throws ApiError */
  async load(): Promise<void> {
    this.choices.set(await this.api.call(routes.listVersions));
  }
}
