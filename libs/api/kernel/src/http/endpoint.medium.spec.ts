import type { AddressInfo } from 'node:net';
import { Controller, Get, type INestApplication, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory } from '@nestjs/core';
import type { NextFunction, Response } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RouteInput, type Role, routes } from '@aikore/contract';
import { AppError } from '../errors/app-error';
import { HttpErrorFilter } from '../errors/http-error.filter';
import { AccessGuard } from './access.guard';
import { Caller, Endpoint, Input } from './endpoint';
import type { GatedRequest, Identity } from './identity';

@Controller()
class Routes {
  @Endpoint(routes.health)
  health(): object {
    return { status: 'ok' };
  }

  @Endpoint(routes.actOnInstance)
  act(@Input() input: RouteInput<typeof routes.actOnInstance>, @Caller() caller: Identity): object {
    return { ...input, by: caller.username };
  }

  @Endpoint(routes.createToken)
  create(@Input() input: RouteInput<typeof routes.createToken>): object {
    return input;
  }

  @Endpoint(routes.logout)
  logOut(@Input() _: RouteInput<typeof routes.logout>): void {
    return undefined;
  }

  @Endpoint(routes.listTokens)
  fails(): void {
    throw new Error('a secret');
  }

  @Endpoint(routes.listRuns)
  busy(): void {
    throw new AppError('rate_limited', 'Try again in 7 seconds.', { retryAfter: 7 });
  }

  @Get('/api/undeclared')
  undeclared(): string {
    return 'open';
  }
}

@Module({
  controllers: [Routes],
  providers: [
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_FILTER, useClass: HttpErrorFilter },
  ],
})
class RootModule {}

describe('endpoints', () => {
  let app: INestApplication;
  let base: string;

  beforeAll(async () => {
    app = await NestFactory.create(RootModule, { logger: false });
    app.use((request: GatedRequest, _: Response, next: NextFunction) => {
      const role = request.headers['x-role'] as Role | undefined;
      request.identity = role
        ? { userId: 1, username: role, role, via: 'session', credential: `session:${role}` }
        : null;
      request.requestId = 'r1';
      next();
    });
    await app.listen(0, '127.0.0.1');
    base = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  });
  afterAll(() => app.close());

  const call = async (method: string, path: string, role?: Role, init: RequestInit = {}) => {
    const headers = { ...(role ? { 'x-role': role } : {}), ...(init.headers as Record<string, string>) };
    const response = await fetch(base + path, { ...init, method, headers });
    const text = await response.text();
    const json = (text ? JSON.parse(text) : {}) as Record<string, unknown> & {
      error?: { code: string; message: string; request_id: string; fields?: { path: string }[] };
    };
    return { status: response.status, headers: response.headers, json };
  };
  const json = (body: unknown): RequestInit => ({
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });

  it('are open to the role of their route and higher ones', async () => {
    expect((await call('GET', '/api/health')).status).toBe(200);
    const statuses = [undefined, 'viewer', 'operator', 'admin'].map(
      async (role) => (await call('POST', '/api/instances/1/actions/start', role as Role)).status,
    );
    expect(await Promise.all(statuses)).toEqual([401, 403, 202, 202]);
    expect((await call('GET', '/api/undeclared', 'admin')).json.error?.code).toBe('forbidden');
    expect((await call('GET', '/api/nowhere', 'admin')).json.error?.code).toBe('not_found');
  });

  it('receive validated values, and who calls', async () => {
    const answer = await call('POST', '/api/instances/7/actions/stop?wait=stopped', 'admin');
    expect(answer.json).toEqual({
      params: { id: 7, action: 'stop' },
      query: { wait: 'stopped', timeout: 300 },
      by: 'admin',
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it.each([
    ['POST', '/api/instances/x/actions/start', {}, 'params.id'],
    ['POST', '/api/instances/0/actions/start', {}, 'params.id'],
    ['POST', '/api/instances/1/actions/fly', {}, 'params.action'],
    ['POST', '/api/instances/1/actions/start?timeout=0', {}, 'query.timeout'],
    ['POST', '/api/instances/1/actions/start?wait=started&wait=started', {}, 'query.wait'],
    ['POST', '/api/tokens', {}, ''],
    ['POST', '/api/tokens', json({}), 'name'],
    ['POST', '/api/tokens', json({ name: 'x', extra: 1 }), ''],
    ['POST', '/api/tokens', json([]), ''],
    ['POST', '/api/auth/logout', json({ x: 1 }), ''],
  ] as [string, string, RequestInit, string][])('%s %s %j names the field', async (method, path, init, field) => {
    const { status, json: answer } = await call(method, path, 'admin', init);
    expect([status, answer.error?.code, answer.error?.fields?.[0]?.path]).toEqual([400, 'validation_failed', field]);
    expect(answer.error?.request_id).toBe('r1');
  });

  it('take no body, an empty one and {} for nothing', async () => {
    for (const init of [{}, { body: '' }, json({})]) {
      expect((await call('POST', '/api/auth/logout', 'admin', init)).status).toBe(204);
    }
  });

  it('answer what cannot be read with 4xx', async () => {
    const type = { 'content-type': 'application/json' };
    const bad: RequestInit[] = [
      { body: '{"name":', headers: type },
      { body: '"x"', headers: type },
      { body: Buffer.from([0x22, 0xff, 0x22]), headers: type },
      { body: '{}', headers: { 'content-type': 'application/json; charset=klingon' } },
      { body: 'x', headers: { ...type, 'content-encoding': 'zip' } },
      { body: 'name=x', headers: { 'content-type': 'text/plain' } },
    ];
    for (const init of bad) {
      const { status, json: answer } = await call('POST', '/api/tokens', 'admin', init);
      expect([status, answer.error?.code]).toEqual([400, 'validation_failed']);
    }
    expect((await call('POST', '/api/tokens', 'admin', json({ name: 'x'.repeat(200_000) }))).status).toBe(413);
    expect((await call('GET', '/api/instances/%E0%A4%A/runs', 'admin')).status).toBe(400);
  });

  it('hide what is unexpected, and say when to try again', async () => {
    const failed = await call('GET', '/api/tokens', 'admin');
    expect([failed.status, failed.json.error?.code]).toEqual([500, 'internal']);
    expect(failed.json.error?.message).not.toContain('secret');
    const busy = await call('GET', '/api/instances/1/runs', 'admin');
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([429, '7']);
  });
});
