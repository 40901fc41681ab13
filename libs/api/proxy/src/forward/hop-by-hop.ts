/** Headers that concern one connection only and are never passed on (RFC 9110 §7.6.1). */
const always = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export const isHopByHop = (lowerCaseName: string): boolean => always.has(lowerCaseName);

/** Further headers that the sender named in `Connection`, lower case; null in the usual case that it named none. */
export function namedByConnection(value: string | undefined): Set<string> | null {
  if (value === undefined || /^\s*(keep-alive|close|upgrade)?\s*$/i.test(value)) return null;
  return new Set(value.split(',').map((token) => token.trim().toLowerCase()));
}
