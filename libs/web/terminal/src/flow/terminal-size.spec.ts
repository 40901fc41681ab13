import { describe, expect, it } from 'vitest';
import { boundedSize, estimatedSize } from './terminal-size';

describe('the size of a terminal', () => {
  it.each([
    [0, 0, 20, 4],
    [-5, Number.NaN, 20, 4],
    [1e9, Number.POSITIVE_INFINITY, 1000, 4],
    [120.9, 40.2, 120, 40],
  ])('%s x %s becomes %s x %s', (cols, rows, wantedCols, wantedRows) => {
    expect(boundedSize({ cols, rows })).toEqual({ cols: wantedCols, rows: wantedRows });
  });

  it('is estimated from the place; a hidden place gets the usual one', () => {
    expect(estimatedSize(780, 350, 13)).toEqual({ cols: 100, rows: 20 });
    expect(estimatedSize(0, 350, 13)).toEqual({ cols: 80, rows: 24 });
  });
});
