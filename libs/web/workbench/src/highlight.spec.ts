import { describe, expect, it } from 'vitest';
import { markHits, searchPattern } from './highlight';
import { plain } from './sgr';

const span = (text: string) => ({ text, style: plain });
const shown = (texts: string[], query: string) =>
  markHits(texts.map(span), searchPattern(query)).map(({ text, hit }) => (hit ? `[${text}]` : text));

describe('markHits', () => {
  it('marks within and over spans, whatever the case', () => {
    expect(shown(['an Error, error'], 'error')).toEqual(['an ', '[Error]', ', ', '[error]']);
    expect(shown(['abER', 'RORcd'], 'error')).toEqual(['ab', '[ER]', '[ROR]', 'cd']);
    expect(shown(['error', 'error'], 'error')).toEqual(['[error]', '[error]']);
  });

  it('takes the query literally', () => {
    expect(shown(['a.c abc (x'], 'a.c')).toEqual(['[a.c]', ' abc (x']);
    expect(shown(['a (x'], '(x')).toEqual(['a ', '[(x]']);
  });

  it('marks nothing without a query', () => expect(shown(['abc'], '')).toEqual(['abc']));
});
