import type { LogHit } from '@aikore/contract';
import { allStates, plainLine } from '@aikore/domain';

const feed = 0x0a;
/** Characters of a found line that are shown, and how many of them stand before the place. */
const shown = 300;
const before = 100;

/**
 * The lines of `bytes`, which stand at `offset` in the log, that match.
 *
 * @param pattern without the flags `g` and `y`
 */
export function hitsIn(bytes: Buffer, offset: number, pattern: RegExp): LogHit[] {
  // Most pieces hold nothing: one look at all of the text is far cheaper than one at each line.
  if (!pattern.test(allStates(bytes.toString('utf8')))) return [];
  const hits: LogHit[] = [];
  for (let from = 0; from < bytes.length;) {
    const found = bytes.indexOf(feed, from);
    const to = found < 0 ? bytes.length : found + 1;
    const line = plainLine(bytes.toString('utf8', from, to));
    const match = pattern.exec(line);
    if (match) hits.push({ offset: offset + from, end: offset + to, text: around(line, match.index) });
    from = to;
  }
  return hits;
}

function around(line: string, index: number): string {
  const from = Math.max(0, index - before);
  const part = line.slice(from, from + shown).trimEnd();
  return `${from > 0 ? '…' : ''}${part}${from + shown < line.length ? '…' : ''}`;
}
