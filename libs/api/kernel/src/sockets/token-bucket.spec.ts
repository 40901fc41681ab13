import { expect, it } from 'vitest';
import { TokenBucket } from './token-bucket';

const takeAll = (bucket: TokenBucket, now: number): number => {
  let taken = 0;
  while (bucket.take(now)) taken += 1;
  return taken;
};

it('gives the burst at once, then the rate, and never more than the burst', () => {
  const bucket = new TokenBucket({ burst: 5, perSecond: 2 }, 1000);
  expect(takeAll(bucket, 1000)).toBe(5);
  expect(takeAll(bucket, 1499)).toBe(0);
  expect(takeAll(bucket, 1500)).toBe(1);
  expect(takeAll(bucket, 3500)).toBe(4);
  expect(takeAll(bucket, 1_000_000)).toBe(5);
});

it('keeps what is less than one, and gains nothing from a clock that goes back', () => {
  const bucket = new TokenBucket({ burst: 1, perSecond: 1 }, 0);
  expect(bucket.take(0)).toBe(true);
  for (let now = 100; now < 1000; now += 100) expect(bucket.take(now)).toBe(false);
  expect(bucket.take(1001)).toBe(true);
  expect(bucket.take(0)).toBe(false);
  expect(bucket.take(1500)).toBe(false);
  expect([bucket.isFull(1500), bucket.isFull(2002)]).toEqual([false, true]);
});
