import { describe, expect, it } from 'vitest';
import { LogCursor } from './log-cursor';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array | null) => data && new TextDecoder().decode(data);

describe('LogCursor', () => {
  it('appends what follows', () => {
    const cursor = new LogCursor('r1', 10);
    expect(text(cursor.accept('r1', 10, bytes('abc')).append)).toBe('abc');
    expect(cursor.next).toBe(13);
  });

  it('cuts off what was seen before a reconnect', () => {
    const cursor = new LogCursor('r1', 0);
    cursor.accept('r1', 0, bytes('abcdef'));
    expect(cursor.accept('r1', 2, bytes('cd')).append).toBeNull();
    expect(text(cursor.accept('r1', 4, bytes('efgh')).append)).toBe('gh');
    expect(cursor.next).toBe(8);
  });

  it('names bytes that never came', () => {
    const cursor = new LogCursor('r1', 5);
    expect(cursor.accept('r1', 9, bytes('x')).missed).toEqual({ from: 5, to: 9 });
  });

  it('ignores other runs', () => {
    const cursor = new LogCursor('r1', 0);
    expect(cursor.accept('r0', 0, bytes('old')).append).toBeNull();
    expect(cursor.skip('r0', 0, 5)).toBeNull();
    expect(cursor.next).toBe(0);
  });

  it('moves over a gap once', () => {
    const cursor = new LogCursor('r1', 4);
    expect(cursor.skip('r1', 0, 9)).toEqual({ from: 4, to: 9 });
    expect(cursor.skip('r1', 0, 9)).toBeNull();
    expect(text(cursor.accept('r1', 9, bytes('z')).append)).toBe('z');
  });

  it('loses and doubles nothing over any cut of a resumed stream', () => {
    const whole = 'the quick brown fox jumps over the lazy dog';
    for (let cut = 0; cut <= whole.length; cut++) {
      const cursor = new LogCursor('r', 0);
      let seen = text(cursor.accept('r', 0, bytes(whole.slice(0, cut))).append) ?? '';
      for (let at = Math.max(0, cursor.next - 3); at < whole.length; at += 5) {
        seen += text(cursor.accept('r', at, bytes(whole.slice(at, at + 5))).append) ?? '';
      }
      expect(seen).toBe(whole);
    }
  });
});
