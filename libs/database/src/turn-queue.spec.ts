import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TurnQueue } from './turn-queue';

describe('TurnQueue', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('lets callers through one at a time, in the order of arrival', async () => {
    const turns = new TurnQueue(1000);
    const seen: string[] = [];
    const pass = async (name: string) => {
      const leave = await turns.enter();
      seen.push(`${name} in`);
      await Promise.resolve();
      seen.push(`${name} out`);
      leave();
    };
    await Promise.all([pass('a'), pass('b'), pass('c')]);
    expect(seen).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
  });

  it('tells a caller whose turn does not come, and goes on with the next', async () => {
    const turns = new TurnQueue(1000);
    const leave = await turns.enter();
    const refused = expect(turns.enter()).rejects.toThrow(/held by one transaction for 1 s/);
    await vi.advanceTimersByTimeAsync(999);
    const patient = turns.enter();
    await vi.advanceTimersByTimeAsync(1);
    await refused;
    leave();
    (await patient)();
    (await turns.enter())();
  });
});
