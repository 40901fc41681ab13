import { describe, expect, it } from 'vitest';
import { isChord, isPress } from './keys';

const press = (key: string, held: { ctrlKey?: boolean; metaKey?: boolean; altKey?: boolean } = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});

describe('keys', () => {
  it('are plain ones', () => {
    expect(isPress(press('n'), 'n')).toBe(true);
    expect(isPress(press('N'), 'n')).toBe(false);
    expect(isPress(press('n', { ctrlKey: true }), 'n')).toBe(false);
    expect(isPress(press('?'), '?')).toBe(true);
  });

  it('are chords, with Command in the place of Ctrl', () => {
    expect(isPress(press('k', { ctrlKey: true }), 'Ctrl K')).toBe(true);
    expect(isPress(press('K', { metaKey: true }), 'Ctrl K')).toBe(true);
    expect(isPress(press('k'), 'Ctrl K')).toBe(false);
    expect(isPress(press('k', { ctrlKey: true, altKey: true }), 'Ctrl K')).toBe(false);
    expect(isPress(press('Escape'), 'Escape')).toBe(true);
    expect(isChord(press('k', { metaKey: true }))).toBe(true);
    expect(isChord(press('k'))).toBe(false);
  });
});
