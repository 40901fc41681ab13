import { describe, expect, it } from 'vitest';
import { textPattern, troublePattern } from '@aikore/contract';
import { searchLog, searchPiece, type SearchWish } from './search-log';

const find = (bytes: Buffer, wish: Partial<SearchWish> & { pattern: RegExp }) =>
  searchLog(
    { read: async (from, to) => bytes.subarray(from, to) },
    { from: undefined, back: false, limit: 100, start: 0, size: bytes.length, spent: () => false, ...wish },
  );
const needle = textPattern('needle', false);

describe('searchLog', () => {
  it('finds what a person sees: without colours, bars in their final state, any case', async () => {
    const log = Buffer.from('hay\n\x1b[31mNee\x1b[0mdle\n10% needle\r100%\ngrün needle\n');
    const { hits, next } = await find(log, { pattern: needle });
    expect(hits.map(({ text }) => text)).toEqual(['Needle', 'grün needle']);
    expect(hits.map(({ offset, end }) => log.toString('utf8', offset, end))).toEqual([
      '\x1b[31mNee\x1b[0mdle\n',
      'grün needle\n',
    ]);
    expect(next).toBeNull();
    expect((await find(log, { pattern: textPattern('needle', true) })).hits).toHaveLength(1);
  });

  it('takes the text as it is typed, not as a pattern', async () => {
    const { hits } = await find(Buffer.from('axb\na.b\n'), { pattern: textPattern('a.b', false) });
    expect(hits.map(({ text }) => text)).toEqual(['a.b']);
  });

  it('finds the same lines forwards and backwards, over pieces, one at a time', async () => {
    const lines = Array.from(
      { length: 9_970 },
      (_, i) => `${i}${i % 997 === 0 ? ' needle' : ''} ${'.'.repeat(i % 90)}`,
    );
    const log = Buffer.from(`${lines.join('\n')}\n`);
    const all = (await find(log, { pattern: needle })).hits;
    expect(all).toHaveLength(10);
    expect((await find(log, { pattern: needle, back: true })).hits).toEqual([...all].reverse());
    for (const back of [false, true]) {
      const seen: number[] = [];
      for (let from: number | null = back ? log.length : 0; from !== null;) {
        const answer = await find(log, { pattern: needle, back, from, limit: 1, spent: () => true });
        expect(answer.searched).toBeLessThanOrEqual(searchPiece);
        seen.push(...answer.hits.map(({ offset }) => offset));
        const hit = answer.hits[0];
        from = hit ? (back ? hit.offset : hit.end) : answer.next;
      }
      const offsets = all.map(({ offset }) => offset);
      expect(seen).toEqual(back ? offsets.reverse() : offsets);
    }
  });

  it('finds a text across the pieces of a line that is longer than one', async () => {
    for (let shift = -9; shift <= 9; shift += 3) {
      const log = Buffer.from(`${'x'.repeat(searchPiece + shift)}needle${'x'.repeat(searchPiece)}\nlast\n`);
      expect((await find(log, { pattern: needle })).hits.length).toBeGreaterThan(0);
      expect((await find(log, { pattern: needle, back: true })).hits.length).toBeGreaterThan(0);
    }
  });

  it('shows a bounded part of a long line, around the place', async () => {
    const log = Buffer.from(`${'x'.repeat(5000)}needle${'y'.repeat(5000)}\n`);
    const [hit] = (await find(log, { pattern: needle })).hits;
    expect(hit?.text).toMatch(/^…x+needley+…$/);
    expect(hit?.text.length).toBeLessThanOrEqual(302);
  });

  it('leaves dropped bytes alone, survives invalid UTF-8, and ends at a file that was cut', async () => {
    const log = Buffer.concat([Buffer.from('needle\n'), Buffer.from([0xff, 0xc3]), Buffer.from(' needle\n')]);
    expect((await find(log, { pattern: needle, start: 7 })).hits).toHaveLength(1);
    const cut = await find(log, { pattern: textPattern('nothing', false), size: log.length + 100 });
    expect(cut.hits).toEqual([]);
  });

  it('reads small pieces, and asks after each whether time is up', async () => {
    const log = Buffer.alloc(searchPiece * 5, `${'x'.repeat(99)}\n`);
    const read: number[] = [];
    const answer = await searchLog(
      { read: async (from, to) => (read.push(to - from), log.subarray(from, to)) },
      { pattern: needle, from: 0, back: false, limit: 1, start: 0, size: log.length, spent: () => read.length === 3 },
    );
    expect([read.length, Math.max(...read)]).toEqual([3, searchPiece]);
    expect(answer.next).toBe(answer.searched);
  });

  it('knows trouble', async () => {
    const { hits } = await find(Buffer.from('0 errors\nValueError: x\n'), { pattern: troublePattern, limit: 1 });
    expect(hits[0]?.text).toBe('ValueError: x');
  });
});
