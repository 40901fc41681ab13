import type { AppRoute } from '@aikore/domain';

/** Where a request goes, once it may. */
export interface Destination {
  readonly route: AppRoute;
  /** `/instance/<slug>` when the app was asked for below that path, else empty. */
  readonly prefix: string;
  /** Path and query as the app shall see them. */
  readonly path: string;
}
