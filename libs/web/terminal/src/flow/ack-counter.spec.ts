import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AckCounter } from './ack-counter';

describe('AckCounter', () => {
  let told: number[];
  let acks: AckCounter;

  beforeEach(() => {
    vi.useFakeTimers();
    told = [];
    acks = new AckCounter((received) => told.push(received));
  });
  afterEach(() => {
    acks.stop();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('tells the total, at once after 32 KiB, and the rest after a short silence', () => {
    acks.add(20 * 1024);
    expect(told).toEqual([]);
    acks.add(20 * 1024);
    expect(told).toEqual([40 * 1024]);
    acks.add(5);
    vi.advanceTimersByTime(49);
    expect(told).toEqual([40 * 1024]);
    vi.advanceTimersByTime(1);
    expect(told).toEqual([40 * 1024, 40 * 1024 + 5]);
  });

  it('says nothing twice, and nothing for an empty write', () => {
    acks.add(0);
    vi.runAllTimers();
    acks.add(3);
    vi.runAllTimers();
    vi.runAllTimers();
    expect(told).toEqual([3]);
  });

  it('is silent once it was stopped', () => {
    acks.add(10);
    acks.stop();
    acks.add(100 * 1024);
    vi.runAllTimers();
    expect(told).toEqual([]);
  });
});
