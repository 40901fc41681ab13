import { applySgr, plain, type SgrState } from './sgr';

/** A piece of a line that looks the same throughout. */
export interface Span {
  readonly text: string;
  readonly style: SgrState;
}

/** ESC [ … final byte · ESC ] … BEL or ESC \ · two-character escapes. A sequence cut off by the end counts too. */
const escape = /\x1b(?:\[([0-?]*)[ -/]*([@-~]|$)|\][^\x07\x1b]*(?:\x07|\x1b\\|$)|[ -/]*[0-Z\\^-~]|$)/g;
/** The cursor goes to the first column: `\r`, or what npm and pip send (`ESC [ G`, `ESC [ 1 G`). */
const toFirstColumn = /\r|\x1b\[1?G/;
const control = /[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f]/g;
const anyEscape = /\x1b/;

/**
 * What is left of a line after its progress bars: the last piece that writes something. Colours that the overwritten
 * pieces switched on are kept in front of it.
 */
export function lastDrawn(raw: string): string {
  if (!toFirstColumn.test(raw)) return raw;
  const pieces = raw.split(toFirstColumn);
  let last = pieces.length - 1;
  while (last > 0 && visibleOf(pieces[last] ?? '') === '') last--;
  const before = pieces.slice(0, last).join('');
  const colours = anyEscape.test(before) ? [...before.matchAll(escape)].filter(isSgr).map(([all]) => all) : [];
  return colours.join('') + (pieces[last] ?? '');
}

const isSgr = (match: RegExpMatchArray) => match[2] === 'm';
const visibleOf = (piece: string) => piece.replace(escape, '').replace(control, '');

/** The text of a raw line as a person sees it. */
export function visibleText(raw: string): string {
  return visibleOf(lastDrawn(raw));
}

/** The styled pieces of a raw line, and the state that goes on with the next line. */
export function parseLine(raw: string, start: SgrState = plain): { spans: Span[]; end: SgrState } {
  const line = lastDrawn(raw);
  const spans: Span[] = [];
  let style = start;
  let at = 0;
  const push = (text: string) => {
    const clean = text.replace(control, '');
    if (clean) spans.push({ text: clean, style });
  };
  for (const match of line.matchAll(escape)) {
    push(line.slice(at, match.index));
    at = match.index + match[0].length;
    if (isSgr(match)) style = applySgr(style, match[1] ?? '');
  }
  push(line.slice(at));
  return { spans, end: style };
}

/** The state after a whole text, without making spans of it. */
export function stateAfter(text: string, start: SgrState): SgrState {
  if (!anyEscape.test(text)) return start;
  let state = start;
  for (const match of text.matchAll(escape)) if (isSgr(match)) state = applySgr(state, match[1] ?? '');
  return state;
}
