import { describe, expect, it } from 'vitest';
import { planLogCap } from './log-cap';

const mib = 1024 * 1024;

describe('planLogCap', () => {
  it('leaves a log alone that is well below the cap', () => {
    expect(planLogCap({ size: 0, logStart: 0 }, 8 * mib, 4096)).toBeNull();
    expect(planLogCap({ size: 7 * mib, logStart: 0 }, 8 * mib, 4096)).toBeNull();
    expect(planLogCap({ size: 100 * mib, logStart: 95 * mib }, 8 * mib, 4096)).toBeNull();
  });

  it('drops whole blocks before the cap is reached and keeps three quarters', () => {
    const size = 7 * mib + 1;
    const start = planLogCap({ size, logStart: 0 }, 8 * mib, 4096) ?? 0;
    expect(start % 4096).toBe(0);
    expect(size - start).toBeGreaterThanOrEqual(6 * mib);
    expect(size - start).toBeLessThan(6 * mib + 4096);
  });

  it('frees at most 32 MiB more than needed of a large log', () => {
    const size = 1000 * mib;
    expect(size - (planLogCap({ size, logStart: 0 }, 1000 * mib, 4096) ?? 0)).toBe(936 * mib);
  });

  it('has nothing to do when not one whole block would go', () => {
    expect(planLogCap({ size: 9000, logStart: 0 }, 10_000, 65_536)).toBeNull();
  });
});
