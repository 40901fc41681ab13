import { describe, expect, it } from 'vitest';
import { clockContract } from './clock.contract';
import { FakeClock } from './fake-clock';

clockContract('FakeClock', () => {
  const clock = new FakeClock();
  return { clock, pass: (ms) => clock.advance(ms) };
});

describe('FakeClock', () => {
  it('runs a timer set by a promise that another timer settled, within one advance', async () => {
    const clock = new FakeClock();
    const seen: number[] = [];
    const sleep = (ms: number) => new Promise<void>((resolve) => clock.setTimeout(resolve, ms));
    const work = (async () => {
      for (let round = 0; round < 3; round += 1) {
        await sleep(1000);
        seen.push(clock.monotonic());
      }
    })();
    await clock.advance(2500);
    expect(seen).toEqual([1000, 2000]);
    await clock.advance(500);
    await work;
    expect(clock.pending).toBe(0);
    expect(clock.now().toISOString()).toBe('2026-01-01T00:00:03.000Z');
  });
});
