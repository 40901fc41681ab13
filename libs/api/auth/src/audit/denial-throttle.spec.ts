import { describe, expect, it } from 'vitest';
import { FakeClock } from '@aikore/platform/testing';
import { DenialThrottle } from './denial-throttle';

describe('DenialThrottle', () => {
  const make = () => {
    const clock = new FakeClock();
    const told: [string, number][] = [];
    const throttle = new DenialThrottle<string>(clock, (entry, suppressed) => told.push([entry, suppressed]));
    const add = (kind: string, from: number, to: number): void => {
      for (let number = from; number <= to; number += 1) throttle.add(kind, `${kind} ${number}`);
    };
    return { clock, told, throttle, add };
  };

  it('lets ten a minute through at once', () => {
    const { told, add } = make();
    add('a', 1, 25);
    add('b', 1, 1);
    expect(told).toHaveLength(11);
    expect(told.at(-1)).toEqual(['b 1', 0]);
  });

  it('tells how many were left out when the minute is over, though none follows', async () => {
    const { clock, told, add } = make();
    add('a', 1, 25);
    add('b', 1, 11);
    add('c', 1, 10);
    await clock.advance(60_000);
    expect(told.slice(30)).toEqual([
      ['a 25', 14],
      ['b 11', 0],
    ]);
    expect(clock.pending).toBe(0);
    add('a', 26, 26);
    expect(told.at(-1)).toEqual(['a 26', 0]);
  });

  it('tells it when it is closed, and leaves no timer behind', () => {
    const { clock, told, throttle, add } = make();
    add('a', 1, 13);
    throttle.close();
    expect(told.at(-1)).toEqual(['a 13', 2]);
    expect(clock.pending).toBe(0);
  });

  it('is bounded: the kind seen first is told and forgotten', () => {
    const { clock, told, throttle, add } = make();
    add('first', 1, 12);
    for (let number = 0; number < 1000; number += 1) throttle.add(`kind ${number}`, 'x');
    expect(told).toContainEqual(['first 12', 1]);
    expect(clock.pending).toBe(1000);
  });
});
