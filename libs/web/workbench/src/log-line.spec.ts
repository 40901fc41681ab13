import { describe, expect, it } from 'vitest';
import { lastDrawn, parseLine, stateAfter, visibleText } from './log-line';
import { applySgr, cssColour, plain } from './sgr';

const esc = '\x1b';

describe('parseLine', () => {
  it('leaves plain text alone, markup included', () => {
    expect(parseLine('<b>&lt;x</b>').spans).toEqual([{ text: '<b>&lt;x</b>', style: plain }]);
    expect(parseLine('').spans).toEqual([]);
  });

  it('colours, resets and carries on', () => {
    const { spans, end } = parseLine(`a${esc}[1;31mb${esc}[0mc${esc}[32md`);
    expect(spans.map(({ text, style }) => [text, style.fg, style.bold])).toEqual([
      ['a', null, false],
      ['b', 1, true],
      ['c', null, false],
      ['d', 2, false],
    ]);
    expect(parseLine('next', end).spans[0]?.style.fg).toBe(2);
  });

  it('drops other sequences, titles and control characters', () => {
    expect(visibleText(`${esc}[2K${esc}[1A${esc}]0;title\x07x${esc}(By\x00\x07${esc}[?25lz`)).toBe('xyz');
    expect(visibleText(`${esc}]8;;http://a/${esc}\\link${esc}]8;;${esc}\\`)).toBe('link');
  });

  it('swallows a sequence that is cut off', () => {
    for (const cut of [`a${esc}`, `a${esc}[`, `a${esc}[38;5`, `a${esc}]0;tit`]) expect(visibleText(cut)).toBe('a');
  });

  it('keeps tabs', () => expect(visibleText('a\tb')).toBe('a\tb'));
});

describe('progress bars', () => {
  it('shows the last state only', () => {
    expect(visibleText(' 10%|#   |\r 50%|##  |\r100%|####|')).toBe('100%|####|');
  });

  it('keeps what was drawn when the line ends with a return', () => {
    expect(visibleText('50%\r')).toBe('50%');
    expect(visibleText(`50%\r${esc}[K`)).toBe('50%');
    expect(visibleText('\r')).toBe('');
  });

  it('knows the cursor moves of npm and pip', () => {
    expect(visibleText(`one${esc}[1G${esc}[0Ktwo${esc}[Gthree`)).toBe('three');
  });

  it('keeps colours that were switched on before', () => {
    expect(parseLine(`${esc}[32m10%\r20%`).spans[0]?.style.fg).toBe(2);
    expect(lastDrawn('abc')).toBe('abc');
  });
});

describe('SGR', () => {
  it.each([
    ['38;5;208', { fg: 208 }],
    ['48;5;17', { bg: 17 }],
    ['38;2;255;0;128', { fg: '#ff0080' }],
    ['38:2::1:2:3', { fg: '#010203' }],
    ['38:5:9', { fg: 9 }],
    ['97;104', { fg: 15, bg: 12 }],
    ['38;5;300', { fg: 255 }],
    ['1;3;4;7;9', { bold: true, italic: true, underline: true, inverse: true, strike: true }],
    ['999', {}],
    ['38;7;1', {}],
  ])('%s', (codes, change) => expect(applySgr(plain, codes)).toEqual({ ...plain, ...change }));

  it('resets by an empty parameter and switches off singly', () => {
    const on = applySgr(plain, '1;4;31;42');
    expect(applySgr(on, '')).toEqual(plain);
    expect(applySgr(on, '22;24;39;49')).toEqual(plain);
  });

  it('gives CSS colours', () => {
    expect([3, 16, 196, 231, 232, 255].map(cssColour)).toEqual([
      'var(--ansi-3)',
      '#000000',
      '#ff0000',
      '#ffffff',
      '#080808',
      '#eeeeee',
    ]);
  });

  it('finds the state after a text', () => {
    expect(stateAfter(`a${esc}[35mb\nc`, plain).fg).toBe(5);
    expect(stateAfter('abc', plain)).toBe(plain);
  });
});
