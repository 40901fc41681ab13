import { type IncomingMessage, request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { idleLimit } from '../http/public-listener';
import { answerHeaders } from './answer-headers';
import type { Destination } from './destination';
import { requestHeaders } from './request-headers';
import { tieSockets } from './tie-sockets';

/** Milliseconds that an app may take to accept or refuse. */
const handshakeLimit = 60_000;

/**
 * Pass a WebSocket, or any other upgrade, on to the app. A 101 ties the two sockets together; any other answer is
 * relayed as it is, and ends the connection.
 *
 * @param socket    the visitor's, with an error listener
 * @param head      what the visitor sent after its request already
 * @param onFailure answers when the app does not; nothing was written to `socket` by then
 */
export function forwardUpgrade(
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
  context: { destination: Destination; onFailure: (cause: unknown) => void },
): void {
  const { destination, onFailure } = context;
  const { path, route } = destination;
  const headers = requestHeaders(request, destination);
  headers.push('Connection', 'Upgrade', 'Upgrade', request.headers.upgrade ?? '');
  const handshake = httpRequest({
    host: '127.0.0.1',
    port: route.appPort,
    method: request.method,
    path,
    headers,
    agent: false,
    timeout: handshakeLimit,
  });
  let answered = false;
  const giveUp = () => handshake.destroy();
  const answerHead = (answer: IncomingMessage, ...more: string[]): string => {
    answered = true;
    const { headers: kept } = answerHeaders(answer.rawHeaders, request, destination);
    return statusAndHeaders(answer, [...kept, ...more]);
  };

  handshake.on('upgrade', (answer, appSocket: Socket, appHead) => {
    socket.off('close', giveUp);
    const accepted = answerHead(answer, 'Connection', 'Upgrade', 'Upgrade', answer.headers.upgrade ?? '');
    tieSockets(socket, appSocket, idleLimit);
    socket.write(accepted, 'latin1');
    if (appHead.length > 0) socket.write(appHead);
    if (head.length > 0) appSocket.write(head);
  });
  handshake.on('response', (answer) => {
    socket.write(answerHead(answer, 'Connection', 'close'), 'latin1');
    answer.on('error', () => socket.destroy());
    answer.pipe(socket).on('finish', () => socket.destroySoon());
  });
  handshake.on('timeout', () => handshake.destroy(Object.assign(new Error('No answer'), { code: 'ETIMEDOUT' })));
  handshake.on('error', (cause) => {
    if (answered || socket.destroyed) socket.destroy();
    else onFailure(cause);
  });
  socket.on('close', giveUp);
  if (socket.destroyed) giveUp();
  handshake.end();
}

function statusAndHeaders(answer: IncomingMessage, headers: readonly string[]): string {
  let text = `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n`;
  for (let i = 0; i + 1 < headers.length; i += 2) text += `${headers[i]}: ${headers[i + 1]}\r\n`;
  return `${text}\r\n`;
}
