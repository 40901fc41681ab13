import { describe, expect, it } from 'vitest';
import { pasteableText, pasteQuestion } from './paste';

describe('a paste', () => {
  it('cannot end the brackets around it', () => {
    expect(pasteableText('ls\x1b[201~\rrm')).toBe('ls␛[201~\rrm');
  });

  it.each([
    ['one line', false, null],
    ['one line\n', false, null],
    ['two\nlines', true, null],
    ['two\r\nlines', false, 'Paste several lines?'],
    ['x'.repeat(1_000_001), true, 'Paste a lot of text?'],
    ['x\n'.repeat(600_000), false, 'Paste a lot of text?'],
  ])('%.12j with brackets %s asks: %s', (text, bracketed, title) => {
    expect(pasteQuestion(text, bracketed)?.title ?? null).toBe(title);
  });
});
