import { describe, expect, it } from 'vitest';
import { mixed } from './look';

describe('mixed', () => {
  it.each([
    ['#000000', '#ffffff', 0.5, '#808080'],
    ['#0f0e13', '#ecc95c', 0, '#0f0e13'],
    ['#0f0e13', '#ecc95c', 1, '#ecc95c'],
  ])('%s and %s by %d is %s', (first, second, share, wanted) => expect(mixed(first, second, share)).toBe(wanted));
});
