/** What an app says about being shown in a frame of another origin's page. */
export type Framing = 'allowed' | 'refused';

/** The two headers that decide it, each value as received. */
export interface FramingHeaders {
  readonly xFrameOptions: readonly string[];
  readonly contentSecurityPolicy: readonly string[];
}

/**
 * Decide as a browser would. `frame-ancestors` of every policy must allow the page, and where there is one,
 * `X-Frame-Options` is not looked at (CSP level 3 §6.4.2, HTML §"X-Frame-Options"). `'self'` and `SAMEORIGIN` refuse:
 * an app is never on the console's origin.
 *
 * @param embedder origin of the page with the frame, such as `http://localhost:9000`
 */
export function framingOf(headers: FramingHeaders, embedder: string): Framing {
  const lists = headers.contentSecurityPolicy
    .flatMap((value) => value.split(','))
    .map(ancestorsOf)
    .filter((sources) => sources !== null);
  if (lists.length > 0) return lists.every((sources) => allows(sources, embedder)) ? 'allowed' : 'refused';
  const options = headers.xFrameOptions.flatMap((value) => value.split(',')).map((value) => value.trim().toLowerCase());
  return options.some((value) => value === 'deny' || value === 'sameorigin') ? 'refused' : 'allowed';
}

/** The sources of a policy's `frame-ancestors`; null when it has none. The first one of a policy counts. */
function ancestorsOf(policy: string): readonly string[] | null {
  for (const directive of policy.split(';')) {
    const [name, ...sources] = directive.trim().split(/\s+/);
    if (name?.toLowerCase() === 'frame-ancestors') return sources;
  }
  return null;
}

const allows = (sources: readonly string[], embedder: string): boolean =>
  sources.some((source) => source === '*' || matches(source.toLowerCase(), embedder));

const hostSource = /^(?:(?<scheme>[a-z][a-z\d+.-]*):\/\/)?(?<host>\*\.[^:/]+|\*|[^:/*]+)(?::(?<port>\d+|\*))?\/?$/;
const defaultPorts: Record<string, string> = { http: '80', https: '443' };

/** A host or scheme source against an origin. `https` may stand where `http` is asked for, as in browsers. */
function matches(text: string, embedder: string): boolean {
  const [scheme = '', rest = ''] = embedder.split('://');
  if (text === `${scheme}:` || (text === 'http:' && scheme === 'https')) return true;
  const parts = hostSource.exec(text)?.groups;
  const place = /^(?<host>\[.+\]|[^:]+)(?::(?<port>\d+))?$/.exec(rest)?.groups;
  if (!parts || !place) return false;
  const sameScheme =
    !parts['scheme'] || parts['scheme'] === scheme || (parts['scheme'] === 'http' && scheme === 'https');
  const host = parts['host'] ?? '';
  const sameHost =
    host === '*' || (host.startsWith('*.') ? (place['host'] ?? '').endsWith(host.slice(1)) : host === place['host']);
  const port = place['port'] ?? defaultPorts[scheme];
  return sameScheme && sameHost && (parts['port'] === '*' || (parts['port'] ?? defaultPorts[scheme]) === port);
}
