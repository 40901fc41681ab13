import { describe, expect, it } from 'vitest';
import { lineStart, maxPlainLine, plainLines } from './log-lines';

describe('plainLines', () => {
  it('answers with the last lines, without blank ones', () => {
    expect(plainLines('one\ntwo\n\n   \nthree\n', 2)).toEqual(['two', 'three']);
    expect(plainLines('', 3)).toEqual([]);
    expect(plainLines('one', 0)).toEqual([]);
  });

  it('removes colours, titles, links, cursor movement and control characters', () => {
    const text =
      '\x1b[1;31mError\x1b[0m: \x1b]0;title\x07no \x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\\x1b[2K\x00\x08!\x1b(B\x9b1m.';
    expect(plainLines(text, 1)).toEqual(['Error: no link!.']);
  });

  it('shows a progress bar in its final state', () => {
    expect(plainLines('pip\r 10%\r 50%\r100%\nend\r\n', 5)).toEqual(['100%', 'end']);
  });

  it('shortens long lines by characters, not inside one', () => {
    const [line = ''] = plainLines('😀'.repeat(600), 1);
    expect([...line]).toHaveLength(maxPlainLine);
    expect(line.endsWith('😀…')).toBe(true);
  });

  it('survives an escape sequence that is cut off', () => {
    expect(plainLines('text\x1b[', 1)).toEqual(['text']);
    expect(plainLines('text\x1b', 1)).toEqual(['text']);
    expect(plainLines('text\x1b]0;never ended', 1)).toEqual(['text']);
  });

  it('reads a megabyte of escapes in linear time', () => {
    expect(plainLines('\x1b]'.repeat(500_000), 1)).toEqual([]);
  });
});

describe('lineStart', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);

  it('is after the first line feed', () => {
    expect(lineStart(bytes('rest\nline\n'))).toBe(5);
    expect(lineStart(bytes('\nline'))).toBe(1);
  });

  it('does not begin inside a character when there is no line feed', () => {
    expect(lineStart(bytes('plain'))).toBe(0);
    expect(lineStart(bytes('😀a').subarray(1))).toBe(3);
    expect(lineStart(new Uint8Array([0x80, 0x80, 0x80, 0x80, 0x80]))).toBe(3);
    expect(lineStart(new Uint8Array())).toBe(0);
  });
});
