import { describe, expect, it } from 'vitest';
import { formatBytes, formatDuration } from './format';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1536, '1.5 KiB'],
    [250 * 1024 ** 2, '250 MiB'],
    [3 * 1024 ** 5, '3072 TiB'],
  ])('%d → %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [-5, '0 s'],
    [42_900, '42 s'],
    [185_000, '3 min 5 s'],
    [7_200_000, '2 h'],
    [4 * 86_400_000 + 6 * 3_600_000 + 59_000, '4 d 6 h'],
  ])('%d ms → %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
});
