import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

export interface HttpCall {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
  /** Milliseconds until the connection is given up. */
  readonly timeout?: number;
}

/**
 * One request to a loopback port, exactly as given: no redirects, no cookies, no fetch rules, and a Host header of
 * one's choice (Node resolves no `*.localhost`, browsers do).
 */
export function http(port: number, path: string, call: HttpCall = {}): Promise<HttpAnswer> {
  const { method = 'GET', body, timeout = 60_000 } = call;
  // Node leaves the length of a DELETE's body to chance.
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const headers = { ...length, ...call.headers };
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false, timeout }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const all = Buffer.concat(chunks);
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: all, text: all.toString('utf8') });
      });
    });
    sent.on('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer in ${timeout} ms`)));
    sent.on('error', reject);
    sent.end(body);
  });
}

/**
 * Write bytes to a loopback port and read what comes back until the other side closes, or for `ms`.
 *
 * @returns the answer as Latin-1 text; empty when the connection was just closed
 */
export function raw(port: number, bytes: string | Uint8Array, ms = 300): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: '127.0.0.1', port });
    const end = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(Buffer.concat(chunks).toString('latin1'));
    };
    const timer = setTimeout(end, ms);
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', end);
    socket.on('close', end);
  });
}
