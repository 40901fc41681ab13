import { describe, expect, it } from 'vitest';
import { commandOf, isPasteKey } from './keys';

/** `Ctrl Shift C` as a press. */
function press(keys: string) {
  const parts = keys.split(' ');
  const has = (name: string) => parts.slice(0, -1).includes(name);
  return {
    key: parts.at(-1) ?? '',
    ctrlKey: has('Ctrl'),
    metaKey: has('Meta'),
    shiftKey: has('Shift'),
    altKey: has('Alt'),
  };
}

describe('the keys of a terminal', () => {
  it.each([
    ['Ctrl Shift C', 'copy'],
    ['Ctrl Shift F', 'find'],
    ['Ctrl Shift F6', 'leave'],
    ['Ctrl +', 'larger'],
    ['Ctrl Shift +', 'larger'],
    ['Ctrl =', 'larger'],
    ['Meta -', 'smaller'],
    ['Ctrl 0', 'usual-size'],
  ])('%s: %s', (keys, command) => expect(commandOf(press(keys))).toBe(command));

  it.each(['Ctrl c', 'Ctrl f', 'c', 'Shift C', 'F6', 'Escape', 'Ctrl Shift _', 'Ctrl Alt 0', 'Ctrl k', 'Tab'])(
    '%s is for the program',
    (keys) => expect(commandOf(press(keys))).toBeNull(),
  );

  it('leaves pasting to the browser', () => {
    expect(['Ctrl Shift V', 'Meta v', 'Shift Insert'].map((keys) => isPasteKey(press(keys)))).toEqual([
      true,
      true,
      true,
    ]);
    expect(['Ctrl v', 'v', 'Insert', 'Ctrl Alt v'].some((keys) => isPasteKey(press(keys)))).toBe(false);
  });
});
