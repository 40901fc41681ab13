import { describe, expect, it } from 'vitest';
import { ConcurrencyLimit } from './concurrency-limit';

describe('ConcurrencyLimit', () => {
  it('runs two at once, queues in order and turns the rest away', async () => {
    const limit = new ConcurrencyLimit(2, 3);
    const finish: (() => void)[] = [];
    const begun: number[] = [];
    const task = (id: number) => () =>
      new Promise<number>((resolve) => {
        begun.push(id);
        finish.push(() => resolve(id));
      });
    const results = [1, 2, 3, 4, 5, 6].map((id) => limit.pass(task(id)));
    expect(begun).toEqual([1, 2]);
    expect(results[5]).toBeNull();
    for (let at = 0; at < 5; at += 1) {
      await expect.poll(() => finish.length).toBeGreaterThan(at);
      finish[at]?.();
      await results[at];
      expect(begun.length).toBeLessThanOrEqual(at + 3);
    }
    expect(
      await Promise.all(results.slice(0, 5).map((result) => result ?? Promise.reject(new Error('turned away')))),
    ).toEqual([1, 2, 3, 4, 5]);
    expect(begun).toEqual([1, 2, 3, 4, 5]);
  });

  it('hands the place on when a task fails', async () => {
    const limit = new ConcurrencyLimit(1, 1);
    await expect(limit.pass(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(limit.pass(() => Promise.resolve('yes'))).resolves.toBe('yes');
  });
});
