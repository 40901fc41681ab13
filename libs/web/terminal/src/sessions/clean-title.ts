/** Longest title of a program that is kept, in characters. */
const maxTitle = 120;
/**
 * Controls, and what turns the direction of the text around it or cannot be seen (Unicode Cf, separators): a title is
 * chosen by whatever program runs, or by a file that was shown with `cat`.
 */
const unfit = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** A title that a program gave its terminal (OSC 0 and 2), as one short line of plain text. */
export function cleanTitle(title: string): string {
  const line = title
    .slice(0, maxTitle * 4)
    .replace(unfit, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...line];
  return characters.length > maxTitle ? `${characters.slice(0, maxTitle - 1).join('')}…` : line;
}
