import { describe, expect, it } from 'vitest';
import { FakeClock } from '@aikore/platform/testing';
import { DenialThrottle } from './denial-throttle';

describe('DenialThrottle', () => {
  it('lets ten a minute through and tells how many were left out', async () => {
    const clock = new FakeClock();
    const throttle = new DenialThrottle(clock);
    const results = Array.from({ length: 25 }, () => throttle.admit('10.0.0.1 401'));
    expect(results).toEqual([...Array<number>(10).fill(0), ...Array<null>(15).fill(null)]);
    expect(throttle.admit('10.0.0.2 401')).toBe(0);
    await clock.advance(60_000);
    expect(throttle.admit('10.0.0.1 401')).toBe(15);
    expect(throttle.admit('10.0.0.1 401')).toBe(0);
  });
});
