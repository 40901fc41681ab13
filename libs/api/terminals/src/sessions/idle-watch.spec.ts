import { FakeClock } from '@aikore/platform/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { IdleWatch } from './idle-watch';

const minute = 60_000;

describe('IdleWatch', () => {
  let clock: FakeClock;
  let said: (string | null)[];
  let isBusy: boolean;
  let watch: IdleWatch;

  beforeEach(() => {
    clock = new FakeClock();
    said = [];
    isBusy = false;
    watch = new IdleWatch(clock, {
      isBusy: () => isBusy,
      endsAt: (time) => said.push(time?.toISOString() ?? null),
      end: () => said.push('end'),
    });
  });

  it('warns two minutes before it ends what is not used for thirty', async () => {
    await clock.advance(28 * minute - 1);
    expect(said).toEqual([]);
    await clock.advance(1);
    expect(said).toEqual(['2026-01-01T00:30:00.000Z']);
    await clock.advance(2 * minute - 1);
    expect(said).toHaveLength(1);
    await clock.advance(1);
    expect(said).toEqual(['2026-01-01T00:30:00.000Z', 'end']);
    expect(clock.pending).toBe(0);
  });

  it('counts from the last use', async () => {
    await clock.advance(27 * minute);
    watch.touch();
    await clock.advance(27 * minute);
    expect(said).toEqual([]);
    await clock.advance(3 * minute);
    expect(said).toEqual(['2026-01-01T00:57:00.000Z', 'end']);
  });

  it('calls the warning off when it is used again', async () => {
    await clock.advance(29 * minute);
    watch.touch();
    expect(said).toEqual(['2026-01-01T00:30:00.000Z', null]);
    await clock.advance(28 * minute);
    expect(said[2]).toBe('2026-01-01T00:59:00.000Z');
  });

  it('does not take a silent program for idleness, also one that was started after the warning', async () => {
    isBusy = true;
    await clock.advance(5 * 28 * minute);
    expect(said).toEqual([]);
    isBusy = false;
    await clock.advance(29 * minute);
    expect(said).toHaveLength(1);
    isBusy = true;
    await clock.advance(10 * minute);
    expect(said.slice(1)).toEqual([null]);
  });

  it('leaves no timer behind', () => {
    watch.stop();
    expect(clock.pending).toBe(0);
  });
});
