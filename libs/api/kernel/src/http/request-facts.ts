import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';

/** The peer's address, IPv4 in its own notation; headers such as X-Forwarded-For are not believed. */
export function remoteAddress(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
}

/** Whether this connection itself is encrypted; headers of a proxy in front are not believed. */
export const isSecure = (request: IncomingMessage): boolean => (request.socket as TLSSocket).encrypted === true;

export const protocolOf = (request: IncomingMessage): 'http' | 'https' => (isSecure(request) ? 'https' : 'http');

/** How many Host headers a request has: Node keeps the first and hides the others, only the raw list shows them. */
export function hostCount({ rawHeaders }: IncomingMessage): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}
