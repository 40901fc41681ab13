import type { IncomingMessage } from 'node:http';

const safeMethods = new Set(['GET', 'HEAD']);

/** GET and HEAD change nothing; every other method may. */
export const isSafe = (request: IncomingMessage): boolean => safeMethods.has(request.method ?? '');

export const isUpgrade = (request: IncomingMessage): boolean => request.headers.upgrade !== undefined;

/** Path without the query, lower case: what is refused in one spelling is refused in each. */
export function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '';
  const query = url.indexOf('?');
  return (query < 0 ? url : url.slice(0, query)).toLowerCase();
}

/** `/prefix` itself or anything below it. */
export const isBelow = (path: string, prefix: string): boolean => path === prefix || path.startsWith(`${prefix}/`);
