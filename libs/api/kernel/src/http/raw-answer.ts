import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AppError } from '../errors/app-error';

/** Seconds after which a program may ask again for what is not available yet. */
export const retryAfter = 2;

/** An error's JSON body, the same as the HTTP API's. */
export const errorBody = (error: AppError): string => JSON.stringify({ error: error.toWire() });

/** Answer an upgrade, or anything else that has no `ServerResponse`, and close the connection. */
export function answerRaw(socket: Duplex, status: number, body: string, headers: readonly string[] = []): void {
  socket.on('error', () => undefined);
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
    ...headers,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

/** Refuse an upgrade with the error that a plain request would get. */
export function refuseUpgrade(socket: Duplex, error: AppError, status = error.status): void {
  answerRaw(socket, status, errorBody(error), status === 503 ? [`Retry-After: ${retryAfter}`] : []);
}
