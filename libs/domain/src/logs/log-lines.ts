/** Longest line that `plainLines` answers with, in characters. */
export const maxPlainLine = 500;

// ECMA-48: OSC and other strings up to BEL or ST, CSI sequences, and two-character escapes.
const escapes = /\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|\x1b[ -/]*[0-~]?/g;
const controls = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]/g;

/** What a terminal shows of a line after its carriage returns: `10%\r50%\r100%` is `100%`. */
function finalState(line: string): string {
  const states = line.split('\r').filter((state) => state !== '');
  return states.at(-1) ?? '';
}

/** npm and pip go back to the first column so, instead of with `\r`. */
const firstColumn = /\x1b\[1?G/g;

/** A raw line as a person sees it: without escape sequences and control characters, a progress bar in its final state. */
export function plainLine(raw: string): string {
  return finalState(raw.replace(firstColumn, '\r').replace(escapes, '')).replace(controls, '');
}

/** Raw lines with every state of their progress bars, each as a line of its own: holds whatever `plainLine` can show. */
export function allStates(raw: string): string {
  return raw.replace(firstColumn, '\r').replace(escapes, '').replaceAll('\r', '\n').replace(controls, '');
}

/**
 * The last lines of a piece of log as plain text for a person: escape sequences and control characters removed,
 * progress bars in their final state, blank lines left out, long lines shortened.
 *
 * @param count how many lines at most
 */
export function plainLines(text: string, count: number): string[] {
  if (count <= 0) return [];
  return text
    .split('\n')
    .map((line) => plainLine(line).trimEnd())
    .filter((line) => line !== '')
    .map((line) => ([...line].length > maxPlainLine ? `${[...line].slice(0, maxPlainLine - 1).join('')}…` : line))
    .slice(-count);
}

/**
 * Where the first whole line begins in `bytes`: after the first line feed. Without one, behind the rest of a UTF-8
 * character that was cut (at most 3 continuation bytes, RFC 3629).
 */
export function lineStart(bytes: Uint8Array): number {
  const feed = bytes.indexOf(0x0a);
  if (feed >= 0) return feed + 1;
  let index = 0;
  while (index < 3 && index < bytes.length && ((bytes[index] ?? 0) & 0xc0) === 0x80) index += 1;
  return index;
}
