import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuthServer, startAuthServer } from '../testing/auth-server';

describe('a flood of logins', () => {
  let server: AuthServer;
  let cookie: string;
  beforeAll(async () => {
    server = await startAuthServer();
    cookie = await server.setUp();
  });
  afterAll(() => server.remove());

  /** Times of requests that touch the database, one after the other, until `until` settles (ms). */
  const probe = async (until: Promise<unknown>): Promise<number[]> => {
    let over = false;
    void until.then(() => (over = true));
    const times: number[] = [];
    while (!over || times.length < 20) {
      const start = performance.now();
      await server.call('GET', '/api/tokens', { cookie });
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b);
  };
  const p95 = (times: number[]): string => (times[Math.floor(times.length * 0.95)] ?? 0).toFixed(1);

  it('of 50 at once is answered with 401 and 429, and other requests stay quick', async () => {
    const idle = await probe(Promise.resolve());
    const flood = Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        server.call('POST', '/api/auth/login', { body: { username: `user${index}`, password: 'wrong horse' } }),
      ),
    );
    const busy = await probe(flood);
    const statuses = (await flood).map(({ status }) => status);
    console.log(`50 bad logins: GET /api/tokens p95 ${p95(idle)} ms idle, ${p95(busy)} ms meanwhile (${busy.length})`);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(22);
  });
});
