import type { IncomingMessage } from 'node:http';
import { protocolOf, remoteAddress, stripCredentials } from '@aikore/api/kernel';
import type { Destination } from './destination';
import { isHopByHop, namedByConnection } from './hop-by-hop';

/** Who a request came from is for the proxy to say: what a client wrote here is dropped. */
const rebuilt = new Set([
  'host',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-proto',
  'x-forwarded-server',
  'x-real-ip',
  // Node has answered `100-continue` already, and undici refuses the header.
  'expect',
]);

/**
 * Headers for the app, as a flat list of names and values.
 *
 * Host stays the public one and Origin stays as it is: they agree with each other, and apps that compare them (against
 * forged requests) or build links from them are right. Credentials of ours are taken out.
 */
export function requestHeaders(request: IncomingMessage, destination: Destination): string[] {
  const raw = stripCredentials(request.rawHeaders);
  const named = namedByConnection(request.headers.connection);
  const host = request.headers.host ?? '';
  const headers = ['host', host];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] as string;
    const key = name.toLowerCase();
    if (!isHopByHop(key) && !rebuilt.has(key) && !named?.has(key)) headers.push(name, raw[i + 1] as string);
  }
  headers.push('X-Forwarded-For', remoteAddress(request), 'X-Forwarded-Host', host);
  headers.push('X-Forwarded-Proto', protocolOf(request));
  if (destination.prefix) headers.push('X-Forwarded-Prefix', destination.prefix);
  return headers;
}
