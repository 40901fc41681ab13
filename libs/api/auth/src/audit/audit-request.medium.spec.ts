import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Repository } from 'typeorm';
import { type AuthServer, startAuthServer } from '../testing/auth-server';

describe('the audit of a request', () => {
  let server: AuthServer;
  let cookie: string;

  beforeEach(async () => {
    server = await startAuthServer();
    cookie = await server.setUp();
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await server.remove();
  });

  const lines = async (action: string) => (await server.audit()).filter((line) => line['action'] === action);
  /** Send it, and hang up as soon as `then` allows. */
  const hangUpOn = async (text: string, then: Promise<unknown>): Promise<void> => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(text));
    await then;
    socket.destroy();
  };
  const head = (method: string, path: string, more: string) =>
    `${method} ${path} HTTP/1.1\r\nHost: localhost:${server.port}\r\nCookie: ${cookie}\r\nX-AiKore: 1\r\n${more}\r\n`;

  const connectionClosed = () =>
    new Promise((resolve) =>
      server.app.getHttpServer().once('connection', (socket: NodeJS.EventEmitter) => socket.once('close', resolve)),
    );

  it('tells what the handler came to, though the caller hung up', async () => {
    const { json } = await server.call('POST', '/api/tokens', { cookie, body: { name: 'ci' } });
    const [reached, goOn] = [deferred(), deferred()];
    const remove = Repository.prototype.delete;
    vi.spyOn(Repository.prototype, 'delete').mockImplementation(function (this: Repository<object>, ...own) {
      reached.resolve();
      return goOn.promise.then(() => remove.apply(this, own));
    });
    const closed = connectionClosed();
    await hangUpOn(head('DELETE', `/api/tokens/${String(json['id'])}`, ''), reached.promise);
    await closed;
    expect(await lines('DELETE /api/tokens/:id')).toEqual([]);
    goOn.resolve();
    await expect.poll(() => lines('DELETE /api/tokens/:id')).toHaveLength(1);
    expect((await lines('DELETE /api/tokens/:id'))[0]).toMatchObject({
      actor: 'admin',
      address: '127.0.0.1',
      target: json['id'],
      result: 'ok',
      status: 204,
    });
  });

  it('does not call a request failed that was broken off before its handler', async () => {
    const closed = connectionClosed();
    const request = new Promise((resolve) => server.app.getHttpServer().once('request', resolve));
    await hangUpOn(head('POST', '/api/tokens', 'Content-Type: application/json\r\nContent-Length: 100\r\n'), request);
    await closed;
    await expect
      .poll(async () => (await server.audit()).find(({ result }) => result === 'unknown'))
      .toMatchObject({ actor: 'admin', address: '127.0.0.1', status: null });
    expect((await server.audit()).filter(({ result }) => result === 'failed')).toEqual([]);
  });

  it('names what was made, and why something was refused or failed', async () => {
    const { json } = await server.call('POST', '/api/tokens', { cookie, body: { name: 'ci' } });
    await server.call('POST', '/api/tokens', { cookie, body: {} });
    await server.call('DELETE', '/api/tokens/none', { cookie });
    await server.call('POST', '/api/tokens', { body: { name: 'x' } });
    const seen = (await server.audit())
      .slice(1)
      .map(({ target, result, status, code }) => [target, result, status, code]);
    expect(seen).toEqual([
      [json['id'], 'ok', 201, undefined],
      [null, 'failed', 400, 'validation_failed'],
      ['none', 'failed', 404, 'not_found'],
      [null, 'denied', 401, undefined],
    ]);
    expect(JSON.stringify(await server.audit())).not.toContain(String(json['token']));
  });
});

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
