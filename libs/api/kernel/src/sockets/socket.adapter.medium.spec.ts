import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Role, sockets } from '@aikore/contract';
import { AppError } from '../errors/app-error';
import { DomainEvents } from '../events/domain-events';
import { Gate, type GateVerdict } from '../http/gate';
import { type GatedSocket, OnRequest } from './on-request';
import { GatedSocketAdapter } from './socket.adapter';

/** Lets everybody in who names a role; `broken` throws. */
class RoleGate extends Gate {
  judge(request: IncomingMessage): GateVerdict {
    const role = request.headers['x-role'] as Role | 'broken' | undefined;
    if (role === 'broken') throw new Error('broken gate');
    if (!role) return { refused: null, identity: null };
    return {
      refused: null,
      identity: { userId: 1, username: role, role, via: 'session', credential: `session:${role}` },
    };
  }
  hostOf = () => null;
  issueTicket = () => '';
  redeemTicket = () => null;
  stripCredentials = (raw: readonly string[]) => [...raw];
  stripSetCookies = (values: readonly string[]) => [...values];
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

  it('refuse who is unknown, a gate that fails, and long polling', async () => {
    await expect(dial()).rejects.toThrow('websocket error');
    await expect(dial('broken')).rejects.toThrow('websocket error');
    await expect(dial('admin', { transports: ['polling'] })).rejects.toThrow('xhr poll error');
    await expect(dial('admin', {}, '/nowhere')).rejects.toThrow('Invalid namespace');
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

  it('are closed when their credential ends, and it lets nobody in again', async () => {
    const [gone, stays] = [await dial('operator'), await dial('viewer')];
    const ended = new Promise((resolve) => gone.once('disconnect', resolve));
    app.get(DomainEvents).emit('credential.ended', { credential: 'session:operator' });
    expect(await ended).toBe('io server disconnect');
    expect(stays.connected).toBe(true);
    await expect(dial('operator')).rejects.toThrow('unauthenticated');
  });
});
