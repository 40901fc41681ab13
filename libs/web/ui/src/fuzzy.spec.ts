import { describe, expect, it } from 'vitest';
import { fuzzyMatch } from './fuzzy';

const order = (query: string, ...texts: string[]) =>
  texts
    .map((text) => ({ text, match: fuzzyMatch(query, text) }))
    .filter(({ match }) => match !== null)
    .sort((a, b) => (b.match?.score ?? 0) - (a.match?.score ?? 0))
    .map(({ text }) => text);

describe('fuzzy matching', () => {
  it('finds words in any order, and letters at the beginnings of words', () => {
    expect(fuzzyMatch('comfy stop', 'Stop ComfyUI main')?.ranges).toEqual([
      [0, 4],
      [5, 10],
    ]);
    expect(fuzzyMatch('scm', 'Stop ComfyUI main')?.ranges).toEqual([
      [0, 1],
      [5, 6],
      [13, 14],
    ]);
    expect(fuzzyMatch('recomf', 'Restart ComfyUI')?.ranges).toEqual([
      [0, 2],
      [8, 12],
    ]);
  });

  it('does not find what is not there', () => {
    expect(fuzzyMatch('stop forge', 'Stop ComfyUI')).toBeNull();
    expect(fuzzyMatch('tpi', 'Stop ComfyUI')).toBeNull();
    expect(fuzzyMatch('x', 'Stop')).toBeNull();
  });

  it('puts the beginning of the text first, then the beginning of a word, then the middle, then scattered letters', () => {
    expect(order('log', 'Catalog', 'Late or gone', 'Show the log', 'Logs')).toEqual([
      'Logs',
      'Show the log',
      'Catalog',
      'Late or gone',
    ]);
  });

  it('finds by further words, which count less and are not marked', () => {
    const found = fuzzyMatch('dark', 'Ink', 'theme dark');
    expect(found?.ranges).toEqual([]);
    expect(found?.score).toBeLessThan(fuzzyMatch('ink', 'Ink')?.score ?? 0);
  });

  it('fits everything while nothing is typed', () =>
    expect(fuzzyMatch('  ', 'Stop')).toEqual({ score: 0, ranges: [] }));

  it('is safe with text that is no pattern, and marks nothing where case changes the length', () => {
    expect(fuzzyMatch('(.*)[', 'a (.*)[ b')?.ranges).toEqual([[2, 7]]);
    expect(fuzzyMatch('x', 'İİ x')?.ranges).toEqual([]);
  });
});
