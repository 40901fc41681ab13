/** How the visitor sees the app: `http://host:port`, and the prefix of its paths. */
export interface PublicPlace {
  readonly origin: string;
  readonly prefix: string;
  readonly appPort: number;
}

const privateOrigin = /^https?:\/\/(?:127\.0\.0\.1|localhost|0\.0\.0\.0|\[::1?\])(?::(\d+))?(?=[/?#]|$)/i;

/**
 * A `Location` of the app's as the visitor must follow it: the app's private address becomes the public one, and below
 * a prefix every path of the app gets it. Any other address is left alone.
 */
export function publicLocation(location: string, place: PublicPlace): string {
  const own = privateOrigin.exec(location);
  if (own && Number(own[1] ?? 80) === place.appPort) {
    return place.origin + withPrefix(location.slice(own[0].length), place.prefix);
  }
  if (!place.prefix) return location;
  if (location.startsWith(place.origin) && /^[/?#]|^$/.test(location.slice(place.origin.length))) {
    return place.origin + withPrefix(location.slice(place.origin.length), place.prefix);
  }
  return location.startsWith('/') && !location.startsWith('//') ? withPrefix(location, place.prefix) : location;
}

/** An app that knows its prefix (a base path of its own) wrote it already. */
function withPrefix(path: string, prefix: string): string {
  const rooted = path.startsWith('/') ? path : `/${path}`;
  return rooted === prefix || (prefix && rooted.startsWith(`${prefix}/`)) ? rooted : prefix + rooted;
}
