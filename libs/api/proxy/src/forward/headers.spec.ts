import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { appRoute } from '../testing/door';
import { credentials } from '../testing/fake-gate';
import { answerHeaders } from './answer-headers';
import { publicLocation } from './location';
import { requestHeaders } from './request-headers';

const destination = (prefix = '') => ({ route: appRoute({ appPort: 40001 }), prefix, path: '/' });

function request(rawHeaders: string[]): IncomingMessage {
  const headers: Record<string, string> = {};
  for (let i = 0; i < rawHeaders.length; i += 2)
    headers[(rawHeaders[i] as string).toLowerCase()] = rawHeaders[i + 1] as string;
  return { rawHeaders, headers, socket: { remoteAddress: '::ffff:10.0.0.9' } } as unknown as IncomingMessage;
}

describe('requestHeaders', () => {
  const base = ['Host', 'echo.localhost:9000'];
  const forwarded = [
    ...['X-Forwarded-For', '10.0.0.9', 'X-Forwarded-Host', 'echo.localhost:9000', 'X-Forwarded-Proto', 'http'],
  ];

  it('keeps what is for the app, in order and case, and the public Host with Origin', () => {
    const own = ['Accept', '*/*', 'X-Custom', 'a', 'x-custom', 'b', 'Origin', 'http://echo.localhost:9000'];
    expect(requestHeaders(request([...base, ...own]), destination())).toEqual([
      ...['host', 'echo.localhost:9000'],
      ...own,
      ...forwarded,
    ]);
  });

  it.each([
    ['hop-by-hop', ['Keep-Alive', '1', 'TE', 'trailers', 'Transfer-Encoding', 'chunked', 'Upgrade', 'x']],
    ['what Connection names', ['Connection', 'close, X-Secret', 'X-Secret', '1', 'x-secret', '2']],
    ['what the client says about itself', ['X-Forwarded-For', '1.2.3.4', 'Forwarded', 'for=1.2.3.4', 'X-Real-IP', '1']],
    ['the expectation', ['Expect', '100-continue']],
    ['our credentials', ['Authorization', credentials.bearer, 'Cookie', credentials.session, 'X-AiKore', '1']],
  ])('drops %s', (_, headers) => {
    expect(requestHeaders(request([...base, ...headers]), destination())).toEqual([
      ...['host', 'echo.localhost:9000'],
      ...forwarded,
    ]);
  });

  it('names the prefix', () => {
    const headers = requestHeaders(request(base), destination('/instance/echo'));
    expect(headers.slice(-2)).toEqual(['X-Forwarded-Prefix', '/instance/echo']);
  });
});

describe('answerHeaders', () => {
  const answer = (...raw: string[]) => answerHeaders(raw, request(['Host', 'h:1']), destination());

  it('keeps the rest and reads the length', () => {
    expect(answer('Content-Type', 'text/html', 'Content-Length', '12', 'ETag', 'x')).toEqual({
      headers: ['Content-Type', 'text/html', 'Content-Length', '12', 'ETag', 'x'],
      length: 12,
    });
  });

  it('drops hop-by-hop headers, and those that clear or plant cookies of ours', () => {
    const { headers } = answer(
      ...['Connection', 'keep-alive, X-Hop', 'X-Hop', '1', 'Transfer-Encoding', 'chunked', 'Keep-Alive', 'timeout=5'],
      ...['Clear-Site-Data', '"cookies"', 'Set-Cookie', 'aikore_session=evil', 'set-cookie', 'theirs=1; Path=/'],
    );
    expect(headers).toEqual(['Set-Cookie', 'theirs=1; Path=/']);
  });
});

describe('publicLocation', () => {
  const plain = { origin: 'http://h:19001', prefix: '', appPort: 40001 };
  const below = { ...plain, prefix: '/instance/x' };
  it.each([
    ['/a?b', plain, '/a?b'],
    ['a', plain, 'a'],
    ['http://127.0.0.1:40001/a', plain, 'http://h:19001/a'],
    ['http://localhost:40001', plain, 'http://h:19001/'],
    ['http://0.0.0.0:40001/?q', plain, 'http://h:19001/?q'],
    ['http://[::1]:40001/a', plain, 'http://h:19001/a'],
    ['http://127.0.0.1:40002/a', plain, 'http://127.0.0.1:40002/a'],
    ['http://127.0.0.1:40001.evil.example/', plain, 'http://127.0.0.1:40001.evil.example/'],
    ['https://example.org/', plain, 'https://example.org/'],
    ['/a', below, '/instance/x/a'],
    ['/instance/x/a', below, '/instance/x/a'],
    ['//other/a', below, '//other/a'],
    ['http://h:19001/a', below, 'http://h:19001/instance/x/a'],
    ['http://h:190011/a', below, 'http://h:190011/a'],
    ['http://127.0.0.1:40001/a', below, 'http://h:19001/instance/x/a'],
  ])('%s', (location, place, expected) => expect(publicLocation(location, place)).toBe(expected));
});
