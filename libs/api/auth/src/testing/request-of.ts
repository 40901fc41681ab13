import type { IncomingMessage } from 'node:http';

interface Shape {
  method?: string;
  url?: string;
  headers?: Record<string, string>;
  rawHeaders?: string[];
  address?: string;
  encrypted?: boolean;
}

/** A request for specs, with what the gate reads of it. Names of `headers` are lower case. */
export function requestOf(shape: Shape = {}): IncomingMessage {
  const { method = 'GET', url = '/', address = '127.0.0.1', encrypted = false } = shape;
  const headers = shape.rawHeaders ? fromRaw(shape.rawHeaders) : { host: 'localhost:9000', ...shape.headers };
  const rawHeaders = shape.rawHeaders ?? Object.entries(headers).flat();
  const socket = { remoteAddress: address, encrypted };
  return { method, url, headers, rawHeaders, socket } as unknown as IncomingMessage;
}

function fromRaw(rawHeaders: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let at = 0; at < rawHeaders.length; at += 2)
    headers[rawHeaders[at]?.toLowerCase() ?? ''] ??= rawHeaders[at + 1] ?? '';
  return headers;
}
