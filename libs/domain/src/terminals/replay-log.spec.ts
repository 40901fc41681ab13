import { SerializeAddon } from '@xterm/addon-serialize';
import headless from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { ReplayLog } from './replay-log';

const bounds = { bytes: 2 * 1024 * 1024, lines: 10_000 };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A real terminal that wrote these pieces: everything that a person sees of it, and its modes. */
async function screen(pieces: readonly Uint8Array[], scrollback = 0): Promise<string> {
  const terminal = new headless.Terminal({ cols: 40, rows: 10, scrollback: 20_000, allowProposedApi: true });
  const serialize = new SerializeAddon();
  terminal.loadAddon(serialize as unknown as Parameters<typeof terminal.loadAddon>[0]);
  await new Promise<void>((resolve) => terminal.write(Buffer.concat(pieces), resolve));
  const { cursorX, cursorY, type } = terminal.buffer.active;
  const text = serialize.serialize({ scrollback });
  const modes = JSON.stringify(terminal.modes);
  terminal.dispose();
  return JSON.stringify({ text, cursorX, cursorY, type, modes }, null, 1);
}

/** A small generator of numbers (mulberry32), so that a failure can be seen again. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const samples: readonly string[] = [
  ...['hello ', 'ünïcödé 世界 🙂 ', '\r\n', '\r\nline\r\n', '\t', '\b', '\x07', 'x'.repeat(60), '\r'],
  ...['\x1b[31m', '\x1b[1;3;38;5;99m', '\x1b[48;2;1;2;3m', '\x1b[39;22m', '\x1b[0m', '\x1b[m', '\x1b[7m'],
  ...['\x1b[5;3H', '\x1b[A', '\x1b[2K', '\x1b[K', '\x1b[J', '\x1b[2J', '\x1b[3;7r', '\x1b[r', '\x1bM', '\x1bD'],
  ...['\x1b[?25l', '\x1b[?25h', '\x1b[?2004h', '\x1b[?1000h', '\x1b[?1002h', '\x1b[?1000l', '\x1b[?7l', '\x1b[?7h'],
  ...['\x1b(0', 'lqqk', '\x1b(B', '\x1b=', '\x1b>', '\x1b7\x1b[2;2H\x1b[35m\x1b8', '\x1b[4h', '\x1b[4l'],
  ...['\x1b]0;a title\x07', '\x1b]2;another\x1b\\', '\x1b]8;;http://x/\x07link\x1b]8;;\x07', '\x1bPq#0~\x1b\\'],
  ...['\x1b[6n', '\x1b[c', '\x1b[>c', '\x1b]11;?\x07', '\x1b[?2026$p', '\x1b]52;c;eA==\x07'],
  ...['\x1b[?1049h', '\x1b[?1049h\x1b[2J\x1b[Hother', '\x1b[?1049l', '\x1b[?1049l', '\x1b[31\x18'],
];

function stream(next: (below: number) => number, length: number): Uint8Array[] {
  const text = bytes(Array.from({ length }, () => samples[next(samples.length)]).join(''));
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < text.length;) {
    const end = at + 1 + next(next(3) === 0 ? 200 : 6);
    pieces.push(text.subarray(at, end));
    at = end;
  }
  return pieces;
}

const joined = (pieces: readonly Uint8Array[]): Buffer => Buffer.concat(pieces);

describe('ReplayLog', () => {
  it('makes a fresh terminal show what the one before showed, whatever was written in whatever pieces', async () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const pieces = stream(numbers(seed), 150);
      const log = new ReplayLog(bounds);
      for (const piece of pieces) log.append(piece);
      expect([seed, await screen(log.parts(), 1000)]).toEqual([seed, await screen(pieces, 1000)]);
    }
  });

  it('begins at a line, with the modes of that place, when the beginning is gone', async () => {
    const log = new ReplayLog({ bytes: 200_000, lines: 10_000 });
    const all = [bytes('\x1b[?2004h\x1b[?25l\x1b[?1002h\x1b[1;38;5;208m\x1b(0\x1b(B\x1b[5 q')];
    for (let line = 0; line < 12_000; line += 1) all.push(bytes(`line ${line} ${'word '.repeat(line % 12)}\r\n`));
    for (const piece of all) log.append(piece);
    expect(log.size).toBeLessThan(200_000 + 40_000);
    expect(await screen(log.parts(), 2000)).toBe(await screen(all, 2000));
  });

  it('keeps no more than the lines that are wanted, and all of them', () => {
    const log = new ReplayLog(bounds);
    for (let line = 0; line < 100_000; line += 1) log.append(bytes(`${line}\r\n`));
    const lines = joined(log.parts()).toString().split('\r\n');
    expect(lines.length).toBeGreaterThan(10_000);
    expect(lines.length).toBeLessThan(20_000);
    expect(lines.at(-2)).toBe('99999');
    expect(lines[0]).toMatch(/^\d+$/);
  });

  it('is bounded when no line ever ends, when no sequence ever ends, and when bytes come one by one', () => {
    const small = { bytes: 256 * 1024, lines: 10_000 };
    for (const piece of [bytes('x'.repeat(5000)), bytes('\x1b]0;' + 'x'.repeat(5000)), bytes('ü'), bytes('\x1b[1m')]) {
      const log = new ReplayLog(small);
      for (let count = 0; count < 1_000_000 / piece.length; count += 1) log.append(piece);
      expect(log.size).toBeLessThan(small.bytes + 200_000);
      expect(log.parts().length).toBeLessThan(100);
    }
  });

  it('forgets what was drawn on the other screen, and keeps the modes that it left', async () => {
    const log = new ReplayLog(bounds);
    const drawing = `\x1b[2J\x1b[3;5r${'\x1b[31mdrawn\x1b[5;5H'.repeat(1000)}`;
    const all = [`$ vim\r\n\x1b[32m\x1b[?1049h${drawing}`, '\x1b[?1002h', '\x1b[?10', '49lafter'].map(bytes);
    for (const piece of all.slice(0, 3)) log.append(piece);
    expect(joined(log.parts()).toString()).toContain('drawn');
    log.append(all[3] as Uint8Array);
    expect(joined(log.parts()).toString()).not.toContain('drawn');
    expect(await screen(log.parts())).toBe(await screen(all));
  });

  it('is on the main screen, with no modes, after a full reset', () => {
    const log = new ReplayLog({ bytes: 200_000, lines: 100 });
    for (const text of ['\x1b[?1049h\x1b[?2004h\x1b[31mdrawn', '\x1bc', 'line\r\n'.repeat(50_000)])
      log.append(bytes(text));
    expect(joined(log.parts()).toString()).not.toContain('\x1b');
  });

  it('says when a drawing is no longer whole', () => {
    const log = new ReplayLog({ bytes: 1024 * 1024, lines: 10_000 });
    log.append(bytes('\x1b[?1049h\x1b[2J'));
    expect(log.isPartial).toBe(false);
    for (let frame = 0; frame < 10_000; frame += 1)
      log.append(bytes(`\x1b[3;3H\x1b[1mframe ${frame}${' '.repeat(50)}`));
    expect(log.isPartial).toBe(true);
    expect(joined(log.parts()).subarray(0, 20).toString()).toContain('\x1b[?1049h');
    log.append(bytes('\x1b[?1049l'));
    expect(log.isPartial).toBe(false);
  });

  it('does not ask again what a program asked, even if the question was split', () => {
    const log = new ReplayLog(bounds);
    for (const piece of ['a\x1b', '[6', 'n', 'b\x1b[c\x1b[>0c', '\x1b]10;', '?\x1b', '\\c', '\x1b]52;c;cGFzdGU=\x07']) {
      log.append(bytes(piece));
    }
    expect(joined(log.parts()).toString()).toBe('abc');
  });

  it('gives parts that do not change any more', () => {
    const log = new ReplayLog(bounds);
    log.append(bytes('before'));
    const parts = log.parts();
    for (let count = 0; count < 1000; count += 1) log.append(bytes(' after'));
    expect(joined(parts).toString()).toBe('before');
  });

  it('keeps bytes as they are, also those that are not UTF-8', () => {
    const log = new ReplayLog(bounds);
    const all = Uint8Array.from({ length: 256 }, (_, index) => index).filter((byte) => byte !== 0x1b);
    log.append(all);
    expect(joined(log.parts())).toEqual(Buffer.from(all));
  });
});
