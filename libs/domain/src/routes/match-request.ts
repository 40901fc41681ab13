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

/**
 * What a request is for. `route` is null when it names an app that does not exist; that is no case of its own, so that
 * a visitor who may see no app is answered alike for all names, and learns none.
 *
 * `rest`: the path below the prefix, with the query, without a leading slash when it has none.
 */
export type RequestMatch =
  | { readonly kind: 'console' }
  | { readonly kind: 'app'; readonly route: AppRoute | null }
  | { readonly kind: 'path'; readonly route: AppRoute | null; readonly prefix: string; readonly rest: string };

const suffix = '.localhost';

/**
 * Decide what a request to the console's port is for: the host name (`<slug>.localhost`) decides before the path. (A
 * pool port serves its own app, whatever the request says.)
 *
 * @param hostName name of the Host header, lower case, without port; null when there is none
 * @param path     the request target as received, with its query
 */
export function matchRequest(hostName: string | null, path: string, table: RouteTable): RequestMatch {
  if (hostName?.endsWith(suffix)) {
    return { kind: 'app', route: table.bySlug.get(hostName.slice(0, -suffix.length)) ?? null };
  }
  return path.startsWith(instancePrefix) ? belowPrefix(path, table) : { kind: 'console' };
}

/** A slug is plain ASCII, so a percent-encoded one matches none. */
function belowPrefix(path: string, table: RouteTable): RequestMatch {
  const [slug = ''] = path.slice(instancePrefix.length).split(/[/?#]/, 1);
  const prefix = instancePrefix + slug;
  return { kind: 'path', route: table.bySlug.get(slug) ?? null, prefix, rest: path.slice(prefix.length) };
}
