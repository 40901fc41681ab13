import { type AnyRoute, instanceAction, routes } from '@aikore/contract';
import { pathOf, type Random } from '@aikore/testing';

/** Stands for the id of an instance that is there: whoever sends a request puts a real one in its place. */
export const someInstance = '80000000008';

const values: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 1e308, '', ' ', 'a', '\0', '../../etc/passwd', '%00', '💥', '\ud800', 'x'.repeat(3000)],
  ...[
    [],
    {},
    [[[[]]]],
    { a: { b: {} } },
    "'; DROP TABLE instances; --",
    '<script>',
    '${7*7}',
    '19001',
    'App.sh',
    'start',
  ],
];
const names = [
  'name',
  'base_blueprint',
  'port',
  'token',
  'username',
  'password',
  'revision',
  'path',
  '__proto__',
  'mode',
  'x',
];
const methods = ['GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND'];
const strangeHeaders: readonly [string, string][] = [
  ['content-type', 'application/json; charset=utf-16'],
  ['content-encoding', 'gzip'],
  ['x-forwarded-for', '127.0.0.1, ::1'],
  ['x-forwarded-host', 'evil.example'],
  ['cookie', `a=b; ${'c=d; '.repeat(200)}`],
  ['authorization', 'Basic YWRtaW46YWRtaW4='],
  ['range', 'bytes=0-0,5-1,-1'],
  ['if-none-match', '*'],
  ['accept', 'text/html'],
  ['expect', '200-ok'],
  ['x-http-method-override', 'DELETE'],
];

export interface HostileRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** A request that Node's client can send, made from the contract and from nonsense. */
export function hostileRequest(random: Random, auth: Record<string, string>): HostileRequest {
  const route = random.pick(Object.values(routes) as readonly AnyRoute[]);
  const value = (): unknown => random.pick(values);
  const some = (): Record<string, unknown> =>
    Object.fromEntries(Array.from({ length: random.below(4) }, () => [random.pick(names), value()]));
  const safe = (text: unknown): unknown => (typeof text === 'string' && /[\ud800]/.test(text) ? 'x' : text);
  const params = {
    id: random.next() < 0.5 ? someInstance : safe(value()),
    action: random.next() < 0.5 ? random.pick(instanceAction.options) : safe(value()),
  };
  const query = random.next() < 0.5 ? Object.fromEntries(Object.entries(some()).map(([k, v]) => [k, safe(v)])) : {};
  const path =
    random.next() < 0.8
      ? pathOf(route, { params, query })
      : random.pick([
          '/',
          '//',
          '/api/%',
          '/instance/%2e%2e/',
          '/instance//x',
          '/setup?x',
          '/%00',
          `/${'a/'.repeat(2000)}`,
          '/api/docs/..%2f',
        ]);
  const method = random.next() < 0.8 ? route.method : random.pick(methods);
  const headers: Record<string, string> = random.next() < 0.8 ? { ...auth } : {};
  if (random.next() < 0.3) headers[random.pick(strangeHeaders)[0]] = random.pick(strangeHeaders)[1];
  if (method === 'GET' || method === 'HEAD' || random.next() < 0.1) return { method, path, headers };
  headers['content-type'] ??= 'application/json';
  const body =
    random.next() < 0.7 ? JSON.stringify(some()) : random.pick(['{', 'null', '[]', '\0', '{"a":'.repeat(500)]);
  return { method, path, headers, body };
}

const lines = (...text: string[]): string => `${text.join('\r\n')}\r\n\r\n`;
const host = 'Host: localhost';

/** Bytes that are hardly HTTP. */
const malformed: readonly string[] = [
  '',
  '\r\n\r\n',
  '\0\0\0\0',
  'GET',
  lines('GET /api/health HTTP/9.9', host),
  lines('GET /api/health', host),
  lines('get /api/health HTTP/1.1', host),
  lines('GET /api/health HTTP/1.1'),
  lines('GET /api/health HTTP/1.1', host, host),
  lines('GET /api/health HTTP/1.1', 'Host: a b'),
  lines('GET /api/health HTTP/1.1', 'Host: evil.example'),
  lines('GET http://evil.example/api/health HTTP/1.1', host),
  lines('CONNECT evil.example:443 HTTP/1.1', 'Host: evil.example:443'),
  lines('OPTIONS * HTTP/1.1', host),
  lines('POST /api/auth/login HTTP/1.1', host, 'Content-Length: 5', 'Transfer-Encoding: chunked') +
    '0\r\n\r\nGET / HTTP/1.1\r\n\r\n',
  lines('POST /api/auth/login HTTP/1.1', host, 'Content-Length: -1'),
  lines('POST /api/auth/login HTTP/1.1', host, 'Content-Length: 99999999999999999999'),
  lines('POST /api/auth/login HTTP/1.1', host, 'Transfer-Encoding: chunked') + 'ZZ\r\nx',
  lines('POST /api/auth/login HTTP/1.1', host, 'Content-Type: application/json', 'Content-Length: 10') + '{',
  lines('GET /api/health HTTP/1.1', host, ` folded: x`),
  lines('GET /api/health HTTP/1.1', host, 'a\0b: c'),
  lines('GET /api/health HTTP/1.1', host, `X: ${'y'.repeat(20_000)}`),
  lines('GET /api/health HTTP/1.1', host, ...Array.from({ length: 3000 }, (_, n) => `X-${n}: y`)),
  lines(`GET /${'a'.repeat(70_000)} HTTP/1.1`, host),
  lines('GET /\xff\xfe HTTP/1.1', host),
  lines('GET /api/health HTTP/1.1', host, 'Upgrade: websocket', 'Connection: Upgrade'),
  lines('GET /socket.io/?EIO=4&transport=websocket HTTP/1.1', host, 'Upgrade: websocket', 'Connection: Upgrade'),
  lines('GET /socket.io/?EIO=99&transport=smoke HTTP/1.1', host, 'Upgrade: h2c', 'Connection: Upgrade, HTTP2-Settings'),
  lines('GET /instance/x/ HTTP/1.1', host, 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Key: x'),
  lines('GET / HTTP/1.1', 'Host: x.localhost', 'Upgrade: websocket', 'Connection: Upgrade'),
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
];

/** Bytes for the server's port: one of the list above, with some of them changed. */
export function hostileBytes(random: Random): Buffer {
  const bytes = Buffer.from(random.pick(malformed), 'latin1');
  if (bytes.length > 0 && random.next() < 0.4) {
    for (let n = random.below(4) + 1; n > 0; n -= 1)
      bytes[random.below(Math.min(bytes.length, 200))] = random.below(256);
  }
  return random.next() < 0.1 ? Buffer.concat([bytes, random.bytes(200)]) : bytes;
}
