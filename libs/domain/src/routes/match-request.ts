import type { AppRoute } from './app-route';

/** Where path clients reach an app: `/instance/<slug>/`. */
export const instancePrefix = '/instance/';

/** The routes, looked up the three ways that a request can name one. */
export interface RouteTable {
  readonly bySlug: ReadonlyMap<string, AppRoute>;
  readonly byPort: ReadonlyMap<number, AppRoute>;
  readonly byId: ReadonlyMap<number, AppRoute>;
}

export function routeTable(routes: readonly AppRoute[]): RouteTable {
  return {
    bySlug: new Map(routes.map((route) => [route.slug, route])),
    byId: new Map(routes.map((route) => [route.instanceId, route])),
    byPort: new Map(routes.flatMap((route) => (route.publicPort === null ? [] : [[route.publicPort, route]]))),
  };
}

/** What a request is for. `rest`: the path below the prefix, with the query, without a leading slash when it has none. */
export type RequestMatch =
  | { readonly kind: 'console' }
  | { readonly kind: 'app'; readonly route: AppRoute }
  | { readonly kind: 'path'; readonly route: AppRoute; readonly prefix: string; readonly rest: string }
  /** It names an app that does not exist. */
  | { readonly kind: 'unknown'; readonly name: string };

const toConsole: RequestMatch = { kind: 'console' };
const suffix = '.localhost';

/**
 * Decide what a request is for.
 *
 * The listener decides first: a pool port serves its own app, whatever the Host header says. Then the host name
 * (`<slug>.localhost`), then the path.
 *
 * @param hostName  name of the Host header, lower case, without port; null when there is none
 * @param path      the request target as received, with its query
 * @param localPort the pool port that was connected to; null on the console's
 */
export function matchRequest(
  hostName: string | null,
  path: string,
  localPort: number | null,
  table: RouteTable,
): RequestMatch {
  if (localPort !== null) return app(table.byPort.get(localPort), `port ${localPort}`);
  if (hostName?.endsWith(suffix)) {
    const slug = hostName.slice(0, -suffix.length);
    return app(table.bySlug.get(slug), slug);
  }
  return path.startsWith(instancePrefix) ? belowPrefix(path, table) : toConsole;
}

function app(route: AppRoute | undefined, name: string): RequestMatch {
  return route ? { kind: 'app', route } : { kind: 'unknown', name };
}

/** A slug is plain ASCII, so a percent-encoded one matches none. */
function belowPrefix(path: string, table: RouteTable): RequestMatch {
  const [slug = ''] = path.slice(instancePrefix.length).split(/[/?#]/, 1);
  const route = table.bySlug.get(slug);
  if (!route) return { kind: 'unknown', name: slug };
  const prefix = instancePrefix + slug;
  return { kind: 'path', route, prefix, rest: path.slice(prefix.length) };
}
