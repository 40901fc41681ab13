import type { Question } from '@aikore/web/ui';

/** Characters from which on a paste is asked about. */
const large = 1_000_000;

/**
 * Text as it may be typed into a terminal. An escape in it could end a bracketed paste and run what follows, so it is
 * shown as the sign for one.
 */
export const pasteableText = (text: string): string => text.replaceAll('\x1b', '␛');

/**
 * What to ask before a paste; null: nothing.
 *
 * @param bracketed the program can tell pasted text from typed text, and so does not run its lines
 */
export function pasteQuestion(text: string, bracketed: boolean): Question | null {
  const lines = text.trimEnd().split(/\r\n|\r|\n/, 10_001).length;
  if (text.length > large) {
    const size = (text.length / 1_000_000).toFixed(1);
    return { title: 'Paste a lot of text?', message: `It has ${size} million characters.`, confirm: 'Paste' };
  }
  if (bracketed || lines < 2) return null;
  const count = lines > 10_000 ? 'More than 10,000' : String(lines);
  return {
    title: 'Paste several lines?',
    message: `${count} lines will be typed one after the other: what runs here may act on each of them at once.`,
    confirm: 'Paste',
  };
}
