import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** An app that shows what reached it, and misbehaves on request. */
export interface Upstream {
  readonly server: Server;
  readonly port: number;
  readonly sockets: ReadonlySet<Socket>;
  /** Every byte that arrived at upgrades and headers, as text: for credentials that should not be there. */
  readonly seen: string[];
  close(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => void;
const block = Buffer.alloc(64 * 1024, 'x');

const echo: Handler = (request, response) => {
  const { method, url, rawHeaders } = request;
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ method, url, rawHeaders, body: Buffer.concat(chunks).toString() }));
  });
};

const bytes: Handler = (_, response, url) => {
  let left = Number(url.searchParams.get('n'));
  if (!url.searchParams.has('chunked')) response.setHeader('Content-Length', left);
  const more = () => {
    while (left > 0) {
      const part = block.subarray(0, Math.min(left, block.length));
      left -= part.length;
      if (!response.write(part)) return void response.once('drain', more);
    }
    response.end();
  };
  more();
};

const count: Handler = (request, response) => {
  let total = 0;
  request.on('data', (chunk: Buffer) => (total += chunk.length));
  request.on('end', () => response.end(String(total)));
};

const events: Handler = (_, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.flushHeaders();
  const timer = setInterval(() => response.write(`data: ${Date.now()}\n\n`), 20);
  response.on('close', () => clearInterval(timer));
};

/** Resets the connection after `n` bytes of a longer answer. */
const broken: Handler = (request, response, url) => {
  const after = Number(url.searchParams.get('n'));
  if (after === 0) return void request.socket.resetAndDestroy();
  response.writeHead(200, { 'Content-Length': 1_000_000 });
  response.write(block.subarray(0, after), () => request.socket.resetAndDestroy());
};

const answer =
  (status: number, headers: Record<string, string | string[]>, body = ''): Handler =>
  (_, response) => {
    response.writeHead(status, headers);
    response.end(body);
  };

const raw =
  (text: string): Handler =>
  (request) =>
    void request.socket.end(text, 'latin1');

const handlers = (port: number): Record<string, Handler> => ({
  '/echo': echo,
  '/bytes': bytes,
  '/count': count,
  '/events': events,
  '/broken': broken,
  '/silent': () => undefined,
  '/early': (_, response) => response.writeHead(413, { 'Content-Type': 'text/plain' }).end('too large'),
  '/empty': answer(204, {}),
  '/not-modified': answer(304, { ETag: '"a"' }),
  '/redirect': answer(302, { Location: `http://127.0.0.1:${port}/there?x=1` }),
  '/cookies': answer(200, { 'Set-Cookie': ['theirs=1', 'aikore_session=evil', 'aikore_app_7=evil'] }),
  '/big-head': answer(200, { 'X-Big': 'y'.repeat(200_000) }),
  '/nonsense': raw('this is not HTTP\r\n\r\n'),
  '/odd-header': raw('HTTP/1.1 200 Gr\xfc\xdfe\r\nX-Odd: \xe9\xff\r\nContent-Length: 2\r\n\r\nok'),
  '/short': raw('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort'),
  '/hints': raw('HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
  '/trailers': raw(
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 42\r\n\r\n',
  ),
});

function onUpgrade(request: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  if (request.url?.startsWith('/refuse')) {
    socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\nSet-Cookie: aikore_session=evil\r\n\r\nnope');
  } else if (request.url?.startsWith('/reset')) {
    (socket as Socket).resetAndDestroy();
  } else {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    socket.pipe(socket);
    if (request.url?.startsWith('/reset-later')) socket.once('data', () => (socket as Socket).resetAndDestroy());
  }
}

export async function startUpstream(): Promise<Upstream> {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ requestTimeout: 0 });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const table = handlers(port);
  server.on('request', (request, response) => {
    seen.push(`${request.url} ${request.rawHeaders.join(' ')}`);
    const url = new URL(request.url ?? '/', 'http://app');
    request.on('error', () => undefined);
    (table[url.pathname] ?? echo)(request, response, url);
  });
  server.on('upgrade', (request, socket) => {
    seen.push(`${request.url} ${request.rawHeaders.join(' ')}`);
    socket.on('data', (chunk: Buffer) => seen.push(chunk.toString('latin1')));
    onUpgrade(request, socket);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      sockets.forEach((socket) => socket.destroy());
    });
  return { server, port, sockets, seen, close };
}
