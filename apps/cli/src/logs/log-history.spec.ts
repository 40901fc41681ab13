import { describe, expect, it } from 'vitest';
import { lastLines } from './log-history';

const tail = (text: string, count: number) => {
  const bytes = Buffer.from(text);
  const index = lastLines(bytes, count);
  return index === null ? null : bytes.subarray(index).toString();
};

describe('lastLines', () => {
  it('finds where the last lines begin', () => {
    expect(tail('a\nb\nc\n', 2)).toBe('b\nc\n');
    expect(tail('a\nb\nc', 1)).toBe('c');
    expect(tail('a\n\n\n', 2)).toBe('\n\n');
    expect(tail('a\nb\n', 0)).toBe('');
  });

  it('says when there are not so many', () => {
    expect(tail('a\nb\n', 2)).toBeNull();
    expect(tail('a\n', 1)).toBeNull();
    expect(tail('', 1)).toBeNull();
    expect(tail('\n', 1)).toBeNull();
  });
});
