import { Random } from '@aikore/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, handshake, open, until } from './testing/client';
import { appRoute, openDoor, type TestDoor } from './testing/door';
import { credentials } from './testing/fake-gate';
import { startUpstream, type Upstream } from './testing/upstream';

/** Aborted requests, and how many at a time. */
const total = 3_000;
const atOnce = 50;
const allowedDifference = 5;

let app: Upstream;
let door: TestDoor;
const failures: unknown[] = [];
const onFailure = (failure: unknown) => failures.push(failure);

beforeAll(async () => {
  process.on('uncaughtException', onFailure).on('unhandledRejection', onFailure);
  app = await startUpstream();
  door = await openDoor([appRoute({ appPort: app.port })]);
});
afterAll(async () => {
  await door.door.close();
  await app.close();
  process.off('uncaughtException', onFailure).off('unhandledRejection', onFailure);
});

const own = () => ({ Host: `echo.localhost:${door.port}`, Cookie: credentials.app(7) });
const head = (method: string, path: string, more = '') =>
  `${method} ${path} HTTP/1.1\r\nHost: ${own().Host}\r\nCookie: ${own().Cookie}\r\n${more}\r\n`;

/** What rude visitors send; the app is rude in some of them as well. */
const scripts = (): string[] => [
  head('GET', '/bytes?n=5000000'),
  head('GET', '/bytes?n=5000000&chunked'),
  head('GET', '/events'),
  head('GET', '/silent'),
  head('GET', '/echo') + head('GET', '/echo') + head('GET', '/bytes?n=100000'),
  head('POST', '/count', 'Content-Length: 1000000\r\n') + 'u'.repeat(200_000),
  head('POST', '/count', 'Transfer-Encoding: chunked\r\n') + 'ffff\r\nabc',
  head('POST', '/early', 'Content-Length: 1000000\r\n') + 'u'.repeat(100_000),
  head('GET', '/broken?n=0'),
  head('GET', '/broken?n=30000'),
  head('POST', '/broken?n=10', 'Content-Length: 100000\r\n') + 'u'.repeat(50_000),
  head('GET', '/nonsense'),
  handshake('/ws', own()) + 'x'.repeat(50_000),
  handshake('/refuse', own()),
  handshake('/reset', own()),
  `${handshake('/reset-later', own())}now`,
  head('GET', '/echo').slice(0, 40),
];

/** Send a script, read for a random while, then vanish: by reset, by close, or politely. */
function misbehave(text: string, random: Random): Promise<void> {
  const { socket } = open(door.port, text);
  const way = random.next();
  const wait = random.next() * 60;
  return new Promise((resolve) => {
    socket.on('close', () => resolve());
    setTimeout(() => {
      if (way < 0.5) socket.resetAndDestroy();
      else if (way < 0.8) socket.destroy();
      else socket.end().destroySoon();
    }, wait);
  });
}

const openSockets = () => process.getActiveResourcesInfo().filter((name) => /TCPSocketWrap/.test(name)).length;

it(`${total} aborted requests leave nothing behind`, { timeout: 120_000 }, async () => {
  await ask({ port: door.port, path: '/echo', headers: own() });
  const before = openSockets();
  const random = new Random(20_261_124);
  const all = scripts();
  let left = total;
  const worker = async () => {
    while (left-- > 0) await misbehave(random.pick(all), random);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));

  await until(() => openSockets() <= before + allowedDifference, `sockets back to ${before}`, 10_000);
  expect(failures).toEqual([]);
  const answer = await ask({ port: door.port, path: '/echo', headers: own() });
  expect(answer.status).toBe(200);
});
