import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { askFraming } from './ask-framing';

let app: Server | undefined;
let pool: Pool | undefined;

async function asking(answer: RequestListener, path = '/'): Promise<string | null> {
  const server = (app = createServer(answer));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  pool = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return askFraming(pool, 'localhost:19001', path, 'http://localhost:9000');
}

afterEach(async () => {
  await pool?.destroy();
  app?.closeAllConnections();
  await new Promise((closed) => app?.close(closed));
});

describe('asking an app whether it can be framed', () => {
  it('sees what forbids it', async () =>
    expect(await asking((_, response) => response.setHeader('X-Frame-Options', 'DENY').end('page'))).toBe('refused'));

  it('asks as a browser would, and does not wait for the end of the page', async () => {
    const asked: unknown[] = [];
    const verdict = await asking((request, response) => {
      asked.push(request.method, request.url, request.headers.host, request.headers['sec-fetch-dest']);
      response.write('a page that never ends');
    }, '/lab?x=1');
    expect(verdict).toBe('allowed');
    expect(asked).toEqual(['GET', '/lab?x=1', 'localhost:19001', 'iframe']);
  });

  it('goes on to the page that the app leads to', async () => {
    const verdict = await asking((request, response) => {
      if (request.url === '/') response.writeHead(302, { Location: 'http://localhost:19001/login?next=%2F' }).end();
      else response.setHeader('Content-Security-Policy', "frame-ancestors 'self'").end();
    });
    expect(verdict).toBe('refused');
  });

  it('does not follow to elsewhere', async () => {
    let asked = 0;
    const away = await asking((_, response) => {
      asked++;
      response.writeHead(302, { Location: 'http://elsewhere.example/' }).end();
    });
    expect([away, asked]).toEqual(['allowed', 1]);
  });

  it('gives up on a circle', async () =>
    expect(await asking((_, response) => response.writeHead(302, { Location: '/' }).end())).toBeNull());

  it('does not know when nothing answers', async () =>
    expect(await asking((request) => request.socket.resetAndDestroy())).toBeNull());
});
