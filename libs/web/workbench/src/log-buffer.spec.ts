import { describe, expect, it } from 'vitest';
import { foldedLength } from './log-block';
import { LogBuffer, longestLine } from './log-buffer';

const encode = (text: string) => new TextEncoder().encode(text);
const textOf = (buffer: LogBuffer) =>
  buffer.blocks.flatMap((block) => block.lines.map((_, line) => (block.gap ? '<gap>' : block.text(line))));

describe('LogBuffer', () => {
  it('makes lines, and shows the one that is being written', () => {
    const buffer = new LogBuffer();
    expect(buffer.append(encode('one\ntw')).added).toBe(2);
    expect(textOf(buffer)).toEqual(['one', 'tw']);
    expect(buffer.append(encode('o\n\nend')).added).toBe(2);
    expect(textOf(buffer)).toEqual(['one', 'two', '', 'end']);
  });

  it('draws a progress bar as one line, before and after its end', () => {
    const buffer = new LogBuffer();
    buffer.append(encode('10%\r20%\r'));
    buffer.append(encode('30%'));
    expect(textOf(buffer)).toEqual(['30%']);
    buffer.append(encode('\r100%\ndone\r\n'));
    expect(textOf(buffer)).toEqual(['100%', 'done']);
  });

  it('never splits a character, wherever the chunks are cut', () => {
    const whole = 'grün 🚀 \x1b[31mrot\x1b[0m\n日本語 ok\nlast';
    const bytes = encode(whole);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const buffer = new LogBuffer();
      buffer.append(bytes.subarray(0, cut));
      buffer.append(bytes.subarray(cut));
      expect(textOf(buffer)).toEqual(['grün 🚀 rot', '日本語 ok', 'last']);
    }
  });

  it('takes any chunking of any text apart the same way', () => {
    const bytes = encode(Array.from({ length: 300 }, (_, i) => `${i}: ${'é'.repeat(i % 17)}`).join('\n'));
    const buffer = new LogBuffer(1000);
    for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 7 + 3) % 41 || 5) {
      buffer.append(bytes.subarray(at, at + size));
    }
    expect(textOf(buffer)).toHaveLength(300);
    let offset = 1000;
    for (const block of buffer.blocks) {
      expect(block.from).toBe(offset);
      offset = block.to;
    }
    expect(offset).toBe(1000 + bytes.length);
  });

  it('cuts an endless line between characters', () => {
    const buffer = new LogBuffer();
    buffer.append(encode('é'.repeat(longestLine)));
    expect(buffer.lineCount).toBe(2);
    expect(textOf(buffer).join('')).toBe('é'.repeat(longestLine));
  });

  it('survives bytes that are no UTF-8', () => {
    const buffer = new LogBuffer();
    buffer.append(new Uint8Array([0xff, 0xfe, 0x0a, 0x41]));
    expect(textOf(buffer)).toEqual(['\ufffd\ufffd', 'A']);
  });

  it('drops the oldest lines, and says from where on it holds the log', () => {
    const buffer = new LogBuffer(0, 20_000);
    let dropped = 0;
    for (let i = 0; i < 10; i++) {
      const { dropped: blocks } = buffer.append(encode(`${'x'.repeat(99)}\n`.repeat(200)));
      dropped += blocks.reduce((lines, block) => lines + block.lines.length, 0);
    }
    expect(dropped).toBe(1800);
    expect(buffer.from).toBe(180_000);
    expect(buffer.droppedLines).toBe(1800);
  });

  it('reads back: whole lines only, until the log begins', () => {
    const log = encode('first\nsecond\nthird\nfourth\n');
    const buffer = new LogBuffer(13);
    buffer.append(log.subarray(13));
    expect(buffer.prepend(log.subarray(3, 13), 3)).toBe(1);
    expect(textOf(buffer)).toEqual(['second', 'third', 'fourth']);
    expect(buffer.from).toBe(6);
    expect(buffer.prepend(log.subarray(0, 6), 0)).toBe(1);
    expect(textOf(buffer)[0]).toBe('first');
    expect(buffer.from).toBe(0);
  });

  it('reads back through a line that is longer than one reading, in pieces', () => {
    const log = encode(`first\n${'é'.repeat(longestLine * 2)}\nlast\n`);
    const buffer = new LogBuffer(log.length - 5);
    buffer.append(log.subarray(log.length - 5));
    const step = longestLine + 4097;
    for (let rounds = 0; buffer.from > 0 && rounds < 10; rounds++) {
      const from = Math.max(0, buffer.from - step);
      expect(buffer.prepend(log.subarray(from, buffer.from), from)).toBeGreaterThan(0);
    }
    expect(buffer.from).toBe(0);
    const lines = textOf(buffer);
    expect([lines[0], lines.at(-1)]).toEqual(['first', 'last']);
    expect(lines.slice(1, -1).join('')).toBe('é'.repeat(longestLine * 2));
    expect(Math.max(...lines.map((line) => encode(line).length))).toBeLessThanOrEqual(longestLine);
    let offset = 0;
    for (const block of buffer.blocks) {
      expect(block.from).toBe(offset);
      offset = block.to;
    }
  });

  it('reads the first kept part of a capped log whole, although it begins within a line', () => {
    const buffer = new LogBuffer(4100);
    expect(buffer.prepend(encode('end\n'), 4096, 4096)).toBe(1);
    expect(textOf(buffer)).toEqual(['end']);
    expect(buffer.from).toBe(4096);
    expect(buffer.prepend(new Uint8Array(0), 4096, 4096)).toBe(0);
  });

  it('keeps a mark where bytes are missing', () => {
    const buffer = new LogBuffer();
    buffer.append(encode('abc'));
    buffer.appendGap({ from: 3, to: 50, reason: 'slow' });
    buffer.append(encode('xyz\n'));
    expect(textOf(buffer)).toEqual(['abc', '<gap>', 'xyz']);
    expect(buffer.blocks.map(({ from, to }) => [from, to])).toEqual([
      [0, 3],
      [3, 50],
      [50, 54],
    ]);
  });

  it('joins the lines of a quiet log', () => {
    const buffer = new LogBuffer();
    for (let i = 0; i < 1000; i++) buffer.append(encode(`line ${i}\n`));
    expect(buffer.blocks).toHaveLength(1);
    expect(textOf(buffer)[999]).toBe('line 999');
  });

  it('is a window: what is read back beyond its bound goes at the end', () => {
    const line = `${'x'.repeat(99)}\n`;
    const buffer = new LogBuffer(40_000, 20_000);
    for (let i = 0; i < 10; i++) buffer.append(encode(line.repeat(20)));
    expect([buffer.from, buffer.end]).toEqual([40_000, 60_000]);
    buffer.append(encode('half a line'));
    buffer.prepend(encode(line.repeat(150)), 25_000);
    expect(buffer.from).toBe(25_100);
    expect(buffer.end).toBeLessThan(60_000);
    expect(buffer.end % 100).toBe(0);
    expect(buffer.placeOf(buffer.end)).toBeNull();
  });

  it('knows in which line a byte stands, and when the line came', () => {
    const buffer = new LogBuffer(100);
    buffer.append(encode('one\ntwo\n'));
    buffer.append(encode('three\nfo'), 5);
    const place = buffer.placeOf(110);
    expect(place?.block.text(place.line)).toBe('three');
    expect(place?.block.marks.times[place.line]).toBe(5);
    expect([100, 104, 114].map((at) => buffer.placeOf(at)?.line)).toEqual([0, 1, 0]);
  });

  it('folds a long line until it is asked for', () => {
    const buffer = new LogBuffer();
    buffer.append(encode(`${'x'.repeat(1024 * 1024)}\nshort\n`));
    const [block] = buffer.blocks;
    expect([block?.folded(0), block?.folded(1)]).toEqual([1024 * 1024, 0]);
    expect(block?.spans(0)[0]?.text).toHaveLength(foldedLength);
    expect(block?.rows(100)).toBeLessThan(50);
    block?.unfold(0);
    expect(block?.spans(0)[0]?.text).toHaveLength(1024 * 1024);
    expect(block?.rows(1024)).toBe(1025);
  });

  it('carries colours over lines and blocks', () => {
    const buffer = new LogBuffer();
    buffer.append(encode('\x1b[31mred\nstill\n'));
    buffer.append(encode('more\x1b[0m\nplain\n'));
    const styles = buffer.blocks.flatMap((block) => block.lines.map((_, line) => block.spans(line)[0]?.style.fg));
    expect(styles).toEqual([1, 1, 1, null]);
  });

  it('finds lines, once per pattern', () => {
    const buffer = new LogBuffer();
    buffer.append(encode('ok\nERROR here\n\x1b[31mer\x1b[0mror there\n'));
    expect(buffer.blocks[0]?.matches(/error/i)).toEqual([1, 2]);
  });

  it('counts rows when wrapped', () => {
    const buffer = new LogBuffer();
    buffer.append(encode(`${'a'.repeat(25)}\n\nbb\n`));
    expect(buffer.blocks[0]?.rowStarts(10)).toEqual([0, 3, 4, 5]);
    expect(buffer.blocks[0]?.rows(Infinity)).toBe(3);
  });
});
