import { describe, expect, it } from 'vitest';
import { FakeClock } from '@aikore/platform/testing';
import { LoginLimiter } from './login-limiter';

function setUp() {
  const clock = new FakeClock();
  const limiter = new LoginLimiter(clock);
  const attempts = (count: number, name = 'admin', address = '10.0.0.1') =>
    Array.from({ length: count }, () => limiter.attempt(name, address));
  return { clock, limiter, attempts };
}

describe('LoginLimiter', () => {
  it('lets five attempts through, then doubles the wait up to a minute', async () => {
    const { clock, limiter, attempts } = setUp();
    expect(attempts(5)).toEqual([0, 0, 0, 0, 0]);
    const waits: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      const wait = limiter.attempt('ADMIN', '10.0.0.1');
      waits.push(wait);
      await clock.advance(wait * 1000);
      expect(limiter.attempt('admin', '10.0.0.1')).toBe(0);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it('does not lengthen the wait for those who do not wait', async () => {
    const { clock, limiter, attempts } = setUp();
    attempts(6);
    expect(new Set(attempts(50))).toEqual(new Set([1]));
    await clock.advance(1000);
    expect(limiter.attempt('admin', '10.0.0.1')).toBe(0);
  });

  it('counts accounts and addresses apart, and many names of one address together', () => {
    const { limiter, attempts } = setUp();
    attempts(6);
    expect(limiter.attempt('admin', '10.0.0.2')).toBe(0);
    const names = Array.from({ length: 16 }, (_, index) => limiter.attempt(`user${index}`, '10.0.0.1'));
    expect(names.filter((wait) => wait === 0)).toHaveLength(15);
    expect(names.at(-1)).toBe(1);
  });

  it('takes a whole IPv6 network as one address', () => {
    const { limiter } = setUp();
    const waits = Array.from({ length: 6 }, (_, index) => limiter.attempt('admin', `2001:db8:0:1::${index}`));
    expect(waits).toEqual([0, 0, 0, 0, 0, 1]);
  });

  it('forgets after a right password, and after a quarter of an hour', async () => {
    const { clock, limiter, attempts } = setUp();
    attempts(4);
    limiter.succeeded('admin', '10.0.0.1');
    expect(attempts(5)).toEqual([0, 0, 0, 0, 0]);
    await clock.advance(15 * 60_000);
    expect(attempts(5)).toEqual([0, 0, 0, 0, 0]);
  });

  it('holds a bounded number of entries', () => {
    const { limiter } = setUp();
    for (let index = 0; index < 12_000; index += 1)
      limiter.attempt('admin', `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`);
    expect(limiter.size).toBe(10_000);
  });
});
