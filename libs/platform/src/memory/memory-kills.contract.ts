import { expect, it } from 'vitest';
import type { MemoryKills } from './memory-kills';

/** What every counter keeps. */
export function memoryKillsContract(make: () => MemoryKills): void {
  it('answers with a whole number, or null', async () => {
    const count = await make().count();
    if (count !== null) expect(Number.isInteger(count) && count >= 0).toBe(true);
  });

  it('never goes back', async () => {
    const kills = make();
    const [first, second] = [await kills.count(), await kills.count()];
    expect(second ?? 0).toBeGreaterThanOrEqual(first ?? 0);
  });
}
