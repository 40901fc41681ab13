import type { IncomingMessage } from 'node:http';
import type { AppRoute } from '@aikore/domain';

/** Where a request goes, once it may. */
export interface Destination {
  readonly route: AppRoute;
  /** `/instance/<slug>` when the app was asked for below that path, else empty. */
  readonly prefix: string;
  /** Path and query as the app shall see them. */
  readonly path: string;
}

export const protocolOf = (request: IncomingMessage): 'http' | 'https' =>
  'encrypted' in request.socket && request.socket.encrypted ? 'https' : 'http';
