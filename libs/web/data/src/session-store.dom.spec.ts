import { TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { routes, type Me } from '@aikore/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiClient } from './api-client';
import { Connection } from './connection';
import { SessionStore } from './session-store';

const me = { id: 1, username: 'ada', role: 'admin', via: 'session' } as unknown as Me;
const refusal = (code = 'unauthenticated') => Response.json({ error: { code, message: 'No.' } }, { status: 401 });
const connection = { start: vi.fn(), stop: vi.fn(), refusals: { subscribe: vi.fn() } };
let answers: (() => Response)[];

beforeEach(() => {
  answers = [];
  vi.clearAllMocks();
  vi.stubGlobal('fetch', () => {
    const answer = answers.shift();
    return answer ? Promise.resolve(answer()) : Promise.reject(new Error('nobody is there'));
  });
  TestBed.configureTestingModule({
    providers: [provideRouter([{ path: '**', children: [] }]), { provide: Connection, useValue: connection }],
  });
});
afterEach(() => vi.unstubAllGlobals());

/** Somebody who is logged in, on the console's page. */
async function loggedIn() {
  const session = TestBed.inject(SessionStore);
  await TestBed.inject(Router).navigateByUrl('/?tool=logs');
  answers.push(() => Response.json(me));
  await session.refresh();
  return { session, api: TestBed.inject(ApiClient), router: TestBed.inject(Router) };
}

describe('SessionStore', () => {
  it('keeps page and person when the session ends, and does what was asked for after the next login', async () => {
    const { session, api, router } = await loggedIn();
    answers.push(refusal, refusal);
    const asked = [api.call(routes.listInstances), api.call(routes.listTokens)];
    await vi.waitFor(() => expect(session.state()).toBe('expired'));
    expect([session.me()?.username, router.url]).toEqual(['ada', '/?tool=logs']);
    expect(connection.stop).toHaveBeenCalled();
    answers.push(
      () => Response.json(me),
      () => Response.json([1]),
      () => Response.json([2]),
    );
    await session.login('ada', 'right');
    expect(session.state()).toBe('in');
    expect(await Promise.all(asked)).toEqual([[1], [2]]);
  });

  it('stays expired after a wrong password', async () => {
    const { session, api } = await loggedIn();
    answers.push(refusal, () => refusal('bad_credentials'));
    const asked = api.call(routes.listInstances).catch((error: unknown) => error);
    await vi.waitFor(() => expect(session.state()).toBe('expired'));
    await expect(session.login('ada', 'wrong')).rejects.toMatchObject({ code: 'bad_credentials' });
    expect(session.state()).toBe('expired');
    await session.abandon();
    expect(await asked).toMatchObject({ code: 'unauthenticated' });
    expect([session.state(), session.me(), TestBed.inject(Router).url]).toEqual(['out', null, '/login']);
  });

  it('asks nobody who is logging out', async () => {
    const { session, router } = await loggedIn();
    answers.push(refusal);
    await session.logout();
    expect([session.state(), router.url]).toEqual(['out', '/login']);
  });

  it('stays in when the server cannot be reached for the logout', async () => {
    const { session } = await loggedIn();
    await expect(session.logout()).rejects.toMatchObject({ code: 'unavailable' });
    expect(session.state()).toBe('in');
  });
});
