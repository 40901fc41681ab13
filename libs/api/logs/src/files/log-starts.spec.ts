import { describe, expect, it } from 'vitest';
import { LogStarts } from './log-starts';

describe('LogStarts', () => {
  it('goes before the database for a run that it knows, and is never lowered', () => {
    const starts = new LogStarts();
    expect(starts.of('r', 4096)).toBe(4096);
    starts.set('r', 100);
    expect(starts.of('r', 4096)).toBe(100);
    starts.set('r', 50);
    expect(starts.of('r')).toBe(100);
    starts.forget('r');
    expect(starts.of('r', 7)).toBe(7);
  });

  it('raises the start when the bytes are gone, and lets readers wait for that', async () => {
    const starts = new LogStarts();
    const heard: number[] = [];
    starts.onChange((run) => heard.push(starts.of(run)));
    let freed = (): void => undefined;
    const raised = starts.raise('r', 4096, () => new Promise((resolve) => (freed = resolve)));
    const seen = starts.settled('r').then(() => starts.of('r'));
    expect(heard).toEqual([]);
    freed();
    await raised;
    expect(await seen).toBe(4096);
    expect(heard).toEqual([4096]);
  });

  it('stays where it was, for readers too, when they could not be freed', async () => {
    const starts = new LogStarts();
    const raised = starts.raise('r', 4096, () => Promise.reject(new Error('no')));
    const seen = starts.settled('r').then(() => starts.of('r'));
    await expect(raised).rejects.toThrow('no');
    expect(await seen).toBe(0);
  });
});
