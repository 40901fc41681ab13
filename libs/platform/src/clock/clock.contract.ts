import { describe, expect, it } from 'vitest';
import type { Clock } from './clock';

/** What every Clock promises. `pass` lets that many milliseconds go by on it. */
export const clockContract = (
  name: string,
  make: () => { clock: Clock; pass: (ms: number) => Promise<void> },
): void => {
  describe(`${name} keeps the Clock contract`, () => {
    it('moves both times forward together', async () => {
      const { clock, pass } = make();
      const [wall, mono] = [clock.now().getTime(), clock.monotonic()];
      await pass(30);
      expect(clock.monotonic() - mono).toBeGreaterThanOrEqual(29);
      expect(clock.now().getTime() - wall).toBeGreaterThanOrEqual(25);
    });

    it('runs due timers in order and not the cancelled ones', async () => {
      const { clock, pass } = make();
      const ran: string[] = [];
      clock.setTimeout(() => ran.push('late'), 40);
      clock.setTimeout(() => ran.push('early'), 1);
      clock.setTimeout(() => ran.push('never'), 20).cancel();
      expect(ran).toEqual([]);
      await pass(80);
      expect(ran).toEqual(['early', 'late']);
    });
  });
};
