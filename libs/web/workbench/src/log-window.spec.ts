import { describe, expect, it } from 'vitest';
import { LogBlock } from './log-block';
import { troublePattern } from '@aikore/contract';
import { allMatches, firstMatch, linesInRows, rowOf, totalRows } from './log-window';
import { plain } from './sgr';

const block = (...lines: string[]) => new LogBlock(lines, 0, 0, plain);
const blocks = [block('a', 'b'.repeat(25)), block('c'), block('d', 'e', 'error: f')];

describe('log window', () => {
  it('finds the lines of some rows', () => {
    const window = linesInRows(blocks, Infinity, 1, 4);
    expect(window.lines.map(({ block: b, line }) => b.text(line)[0])).toEqual(['b', 'c', 'd']);
    expect([window.top, window.first]).toEqual([1, 1]);
  });

  it('counts wrapped rows', () => {
    expect(totalRows(blocks, 10)).toBe(8);
    const window = linesInRows(blocks, 10, 2, 5);
    expect(window.lines.map(({ block: b, line }) => b.text(line)[0])).toEqual(['b', 'c']);
    expect([window.top, window.first]).toEqual([1, 1]);
    expect(rowOf(blocks, 10, { block: blocks[2] as LogBlock, line: 1 })).toBe(6);
    expect(rowOf(blocks, 10, { block: block('x'), line: 0 })).toBe(-1);
  });

  it('gives nothing outside', () => expect(linesInRows(blocks, 10, 50, 60).lines).toEqual([]));

  it('finds matches in order', () => {
    expect(allMatches(blocks, /[ce]/).map(({ line }) => line)).toEqual([0, 1, 2]);
    expect(allMatches(blocks, null)).toEqual([]);
  });

  it('tells trouble from talk', () => {
    expect(firstMatch(blocks, troublePattern)?.line).toBe(2);
    for (const line of ['0 errors', 'error_handler ready', 'no error', 'terror'])
      expect(line).not.toMatch(troublePattern);
    for (const line of [
      'Traceback (most recent call last):',
      'ModuleNotFoundError: No module',
      'npm ERR! code',
      'bash: foo: command not found',
      'torch.cuda.OutOfMemoryError: CUDA out of memory',
    ]) {
      expect(line).toMatch(troublePattern);
    }
  });
});
