import { type IncomingMessage, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { CliError, exitCodes } from './exit-codes';

/** What is sent to the server. */
export interface HttpCall {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body?: string;
  /** Ends the request, with an AbortError. */
  signal?: AbortSignal;
}

/** How long the server may take to accept the connection, in milliseconds. The answer itself may take for ever. */
const connectTimeout = 10_000;

/**
 * One HTTP request. Not `fetch`: that gives up after five minutes without an answer, and `--wait` may take longer.
 *
 * @throws CliError unreachable
 */
export function sendRequest({ method, url, headers, body, signal }: HttpCall): Promise<IncomingMessage> {
  const send = url.protocol === 'https:' ? tlsRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = send(url, { method, headers: { ...headers, ...length }, ...(signal ? { signal } : {}) });
    const timer = setTimeout(() => request.destroy(new Error('no answer within 10 s')), connectTimeout);
    request.once('socket', (socket) => socket.once('connect', () => clearTimeout(timer)));
    request.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(error.name === 'AbortError' ? error : unreachable(url, error));
    });
    request.once('response', (response) => {
      clearTimeout(timer);
      resolve(response);
    });
    request.end(body);
  });
}

/** The whole body of an answer as text. @throws CliError unreachable, when the connection breaks on the way */
export async function readText(response: IncomingMessage, url: URL): Promise<string> {
  return (await readBytes(response, url)).toString('utf8');
}

/** The whole body of an answer. */
export async function readBytes(response: IncomingMessage, url: URL): Promise<Buffer> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of response) pieces.push(piece as Buffer);
  } catch (error) {
    throw unreachable(url, error as NodeJS.ErrnoException);
  }
  return Buffer.concat(pieces);
}

function unreachable(url: URL, error: NodeJS.ErrnoException): CliError {
  const why = error.code ?? error.message;
  return new CliError(exitCodes.unreachable, `The server at ${url.origin} cannot be reached (${why}). Is it running?`);
}
