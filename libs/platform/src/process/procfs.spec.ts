import { describe, expect, it } from 'vitest';
import { parseStat } from './procfs';

const tail = '4 5 6 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 98765 1000 200';

describe('parseStat', () => {
  it('reads the fields that follow the name', () => {
    const stat = { pid: 42, state: 'S', parent: 4, group: 5, session: 6, startTime: 98765 };
    expect(parseStat(`42 (bash) S ${tail}`)).toEqual(stat);
  });

  it('is not fooled by a name with spaces and parentheses', () => {
    expect(parseStat(`42 (a) R 1 1 (b) S ${tail}`)).toMatchObject({ pid: 42, state: 'S', parent: 4 });
  });

  it('answers null for half a line', () => {
    expect(parseStat('42 (bash) S 4 5')).toBeNull();
    expect(parseStat('')).toBeNull();
  });
});
