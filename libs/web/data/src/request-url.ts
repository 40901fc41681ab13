import type { AnyRoute } from '@aikore/contract';

/**
 * The address of a route with its `:params` filled in and the query appended; undefined and null values are left out.
 * @throws Error when a parameter of the path is missing: a mistake of the caller.
 */
export function requestUrl(route: Pick<AnyRoute, 'path'>, params: unknown = {}, query: unknown = {}): string {
  const values = params as Record<string, unknown>;
  const path = route.path.replace(/:([a-z_]+)/gi, (_, name: string) => {
    const value = values[name];
    if (value === undefined || value === null) throw new Error(`${route.path} needs the parameter ${name}`);
    return encodeURIComponent(String(value));
  });
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query as Record<string, unknown>)) {
    if (value !== undefined && value !== null) search.set(key, String(value));
  }
  return search.size > 0 ? `${path}?${search}` : path;
}
