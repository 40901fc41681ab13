import { type IncomingMessage, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Ack, type Role, socketLimits, sockets } from '@aikore/contract';
import { AppError } from '../errors/app-error';
import { DomainEvents } from '../events/domain-events';
import { Gate, type GateVerdict } from '../http/gate';
import { type GatedSocket, OnRequest } from './on-request';
import { GatedSocketAdapter } from './socket.adapter';

/** Lets everybody in who names a role; `broken` throws. */
class RoleGate extends Gate {
  judge(request: IncomingMessage): GateVerdict {
    const role = request.headers['x-role'] as Role | 'broken' | 'foreign' | undefined;
    if (role === 'broken') throw new Error('broken gate');
    if (role === 'foreign') return { refused: new AppError('origin_not_allowed', 'From elsewhere.') };
    if (!role) return { refused: null, identity: null };
    return {
      refused: null,
      identity: { userId: 1, username: role, role, via: 'session', credential: `session:${role}` },
    };
  }
  hostOf = () => null;
  issueTicket = () => '';
  redeemTicket = () => null;
}

@WebSocketGateway({ namespace: '/logs' })
class LogsGateway {
  @OnRequest(sockets.logs.requests.join)
  join(@MessageBody() body: { tail?: number }, @ConnectedSocket() socket: GatedSocket): object {
    if (body.tail === 1) throw new AppError('not_found', 'There is no such run.');
    if (body.tail === 2) throw new Error('a secret');
    return { body, by: socket.data.identity.username };
  }

  @OnRequest({ ...sockets.logs.requests.ack, access: 'admin' })
  async ack(): Promise<void> {
    await Promise.resolve();
  }

  @SubscribeMessage('undeclared')
  undeclared(): string {
    return 'open';
  }
}

@Module({ providers: [LogsGateway, DomainEvents, { provide: Gate, useClass: RoleGate }] })
class RootModule {}

describe('gated sockets', () => {
  let app: INestApplication;
  let url: string;
  const open: Socket[] = [];

  beforeAll(async () => {
    app = await NestFactory.create(RootModule, { logger: false });
    app.useWebSocketAdapter(new GatedSocketAdapter(app, app.get(Gate), app.get(DomainEvents)));
    await app.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  });
  afterEach(() => {
    for (const socket of open.splice(0)) socket.close();
  });
  afterAll(() => app.close());

  const dial = (role?: string, options: object = {}, namespace = '/logs'): Promise<Socket> => {
    const socket = io(url + namespace, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      extraHeaders: role ? { 'x-role': role } : {},
      ...options,
    });
    open.push(socket);
    return new Promise((resolve, reject) => {
      socket.once('connect', () => resolve(socket));
      socket.once('connect_error', reject);
    });
  };
  const valid = { subscription: 's', instance_id: 1 };
  const codeOf = (ack: Ack<unknown>): string => (ack.ok ? 'ok' : ack.error.code);

  /** What a client sees that is no socket.io client. */
  const knock = (role: string | undefined, upgrade: boolean, query = 'EIO=4&transport=websocket') =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const handshake = { 'sec-websocket-version': '13', 'sec-websocket-key': Buffer.alloc(16).toString('base64') };
      const sent = httpRequest(`${url}/socket.io/?${query}`, {
        agent: false,
        headers: {
          ...(role ? { 'x-role': role } : {}),
          ...(upgrade ? { connection: 'Upgrade', upgrade: 'websocket', ...handshake } : {}),
        },
      });
      sent.on('upgrade', (_response, socket) => {
        socket.destroy();
        resolve({ status: 101, text: '' });
      });
      sent.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      sent.on('error', reject);
      sent.end();
    });

  it('refuse who is unknown, a gate that fails, and long polling', async () => {
    await expect(dial()).rejects.toThrow('websocket error');
    await expect(dial('broken')).rejects.toThrow('websocket error');
    await expect(dial('admin', { transports: ['polling'] })).rejects.toThrow('xhr poll error');
    await expect(dial('admin', {}, '/nowhere')).rejects.toThrow('Invalid namespace');
  });

  it.each([true, false])('say why they refuse, whatever the transport (upgrade: %s)', async (upgrade) => {
    const queries = ['EIO=4&transport=websocket', 'EIO=4&transport=polling', 'EIO=3&transport=x&sid=unknown', ''];
    for (const query of queries) {
      const stranger = await knock(undefined, upgrade, query);
      expect([query, stranger.status]).toEqual([query, 401]);
      expect(JSON.parse(stranger.text)).toMatchObject({ error: { code: 'unauthenticated' } });
      expect((await knock('foreign', upgrade, query)).status).toBe(403);
      expect((await knock('broken', upgrade, query)).status).toBe(500);
      const known = await knock('viewer', upgrade, query);
      expect([query, known.status]).toEqual([query, upgrade && query === queries[0] ? 101 : 400]);
    }
  });

  it('answer every request with an Ack', async () => {
    const socket = await dial('viewer');
    expect(await socket.emitWithAck('log:join', valid)).toEqual({ ok: true, data: { body: valid, by: 'viewer' } });
    const failures: [unknown, string][] = [
      [{}, 'validation_failed'],
      [undefined, 'validation_failed'],
      ['text', 'validation_failed'],
      [{ ...valid, extra: 1 }, 'validation_failed'],
      [{ ...valid, tail: 1 }, 'not_found'],
      [{ ...valid, tail: 2 }, 'internal'],
    ];
    for (const [payload, code] of failures) {
      const answer = (await socket.emitWithAck('log:join', payload)) as { ok: boolean; error: { code: string } };
      expect([payload, answer.ok, answer.error.code]).toEqual([payload, false, code]);
      expect(JSON.stringify(answer)).not.toContain('secret');
    }
    const ack = { subscription: 's', run: 'r', offset: 0 };
    expect(await socket.emitWithAck('log:ack', ack)).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    expect(await (await dial('admin')).emitWithAck('log:ack', ack)).toEqual({ ok: true, data: {} });
  });

  it('survive hostile messages', async () => {
    const socket = await dial('viewer');
    const reached: string[] = [];
    socket.emit('log:join');
    socket.emit('log:join', null, null, () => undefined);
    socket.emit('log:join', Buffer.alloc(1000), valid);
    socket.emit('__proto__', {});
    socket.emit('unknown', valid);
    socket.emit('undeclared', () => reached.push('undeclared'));
    expect(await socket.emitWithAck('log:join', valid)).toMatchObject({ ok: true });
    expect(reached).toEqual([]);
  });

  it('refuse requests that are too many, close who goes on, and serve the others meanwhile', async () => {
    const [greedy, other] = [await dial('operator'), await dial('viewer')];
    const ended = new Promise((resolve) => greedy.once('disconnect', resolve));
    // One request was the joining of the namespace; a slow machine earns some more meanwhile.
    const asked = socketLimits.requests.burst + socketLimits.refusals.burst / 2;
    const all = Array.from({ length: asked }, () => greedy.emitWithAck('log:join', valid) as Promise<Ack<unknown>>);
    const codes = (await Promise.all(all)).map(codeOf);
    expect(new Set(codes.slice(0, socketLimits.requests.burst - 1))).toEqual(new Set(['ok']));
    expect(codes.at(-1)).toBe('rate_limited');
    for (let count = 0; count < 20_000; count += 1) greedy.emit('log:join', valid);
    expect(await other.emitWithAck('log:join', valid)).toMatchObject({ ok: true });
    expect(await ended).toBe('io server disconnect');
    expect(await other.emitWithAck('log:join', valid)).toMatchObject({ ok: true });
  });

  it('do not count what the server paces itself, up to a flood', async () => {
    const socket = await dial('admin');
    const ended = new Promise((resolve) => socket.once('disconnect', resolve));
    const ack = { subscription: 's', run: 'r', offset: 0 };
    const sent = socketLimits.requests.burst * 5;
    const all = Array.from({ length: sent }, () => socket.emitWithAck('log:ack', ack) as Promise<Ack<unknown>>);
    expect((await Promise.all(all)).map(codeOf)).toEqual(Array.from({ length: sent }, () => 'ok'));
    const raw = socket.io.engine as unknown as { write(packet: string): void };
    // Events that nobody handles, so that they come faster than they are forgiven.
    const flood = (): void => {
      for (let count = 0; count < 10_000; count += 1) raw.write('2/logs,["unknown"]');
      if (socket.connected) setTimeout(flood, 100);
    };
    flood();
    expect(await ended).toBe('io server disconnect');
  });

  it('are joined once, however fast a client asks twice', async () => {
    const socket = await dial('viewer');
    const raw = socket.io.engine as unknown as {
      write(packet: string): void;
      on(event: 'data', listener: (data: string) => void): void;
    };
    const seen: string[] = [];
    raw.on('data', (data) => seen.push(data));
    for (let count = 0; count < 3; count += 1) raw.write('0');
    await expect.poll(() => seen.length).toBe(3);
    expect(seen.filter((data) => data.startsWith('0'))).toHaveLength(1);
    expect(seen.filter((data) => data.startsWith('4') && data.includes('rate_limited'))).toHaveLength(2);
  });

  it('are so many of one session at most', async () => {
    const most = socketLimits.connections.perCredential;
    const crowd = await Promise.all(Array.from({ length: most }, () => dial('crowd')));
    await expect(dial('crowd')).rejects.toThrow('websocket error');
    const refused = await knock('crowd', true);
    expect([refused.status, refused.text]).toEqual([429, expect.stringContaining('rate_limited')]);
    await dial('viewer');
    crowd[0]?.close();
    await expect.poll(async () => (await knock('crowd', true)).status).toBe(101);
  });

  it('are closed when their credential ends, and it lets nobody in again', async () => {
    const [gone, stays] = [await dial('operator'), await dial('viewer')];
    const ended = new Promise((resolve) => gone.once('disconnect', resolve));
    app.get(DomainEvents).emit('credential.ended', { credential: 'session:operator' });
    expect(await ended).toBe('io server disconnect');
    expect(stays.connected).toBe(true);
    await expect(dial('operator')).rejects.toThrow('unauthenticated');
  });
});
