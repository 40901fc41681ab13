import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * Offers that a server may pass over (RFC 9110 §7.8) and that no app here takes up: HTTP/2 in clear text, which some
 * clients offer with every plain request (Java's HttpClient, `curl --http2`), and TLS within HTTP (RFC 2817).
 */
const ignored = /^\s*(h2c|http\/|tls\/)/i;

/** What `Connection` says about the offer; anything else, such as `close`, still counts. */
const ofTheOffer = /^\s*(upgrade|http2-settings)?\s*$/i;

export const isIgnoredUpgrade = (request: IncomingMessage): boolean => ignored.test(request.headers.upgrade ?? '');

/**
 * Serve such a request as a plain one. Node has detached its parser by now, so the request's head goes back into the
 * socket without the offer, and the socket back into the server.
 */
export function declineUpgrade(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const name = request.rawHeaders[i] ?? '';
    if (!/^(upgrade|connection|http2-settings)$/i.test(name)) lines.push(`${name}: ${request.rawHeaders[i + 1]}`);
  }
  const kept = (request.headers.connection ?? '').split(',').filter((token) => !ofTheOffer.test(token));
  if (kept.length > 0) lines.push(`Connection: ${kept.join(',').trim()}`);
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}
