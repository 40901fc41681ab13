/** How well a text fits what was typed, and which letters of it do ([from, to) each, in order). */
export interface FuzzyMatch {
  readonly score: number;
  readonly ranges: readonly (readonly [number, number])[];
}

/**
 * Fits typed words to a text: each word must be found, in any order, in `text` or in `more`; as it stands there, or
 * with letters left out (`rcf` for *Restart ComfyUI*). What stands at the beginning of a word counts most.
 *
 * @param more further words that the text is found by; less worth, and never marked
 * @returns null when a word is not there; everything fits an empty query, with a score of 0
 */
export function fuzzyMatch(query: string, text: string, more = ''): FuzzyMatch | null {
  const [low, lowMore] = [text.toLocaleLowerCase(), more.toLocaleLowerCase()];
  // A few letters change their length with their case (İ): marks would be at the wrong place.
  const markable = low.length === text.length;
  let score = 0;
  const ranges: (readonly [number, number])[] = [];
  for (const word of query.toLocaleLowerCase().split(/\s+/).filter(Boolean)) {
    const found = inOnePiece(word, low) ?? scattered(word, low);
    if (found) ranges.push(...found.ranges);
    else if (!lowMore.includes(word)) return null;
    score += found?.score ?? 15;
  }
  return { score, ranges: markable ? merged(ranges) : [] };
}

const isBoundary = (text: string, index: number): boolean =>
  index === 0 || !/[\p{L}\p{N}]/u.test(text[index - 1] ?? '');

function inOnePiece(word: string, text: string): FuzzyMatch | null {
  let best = text.indexOf(word);
  if (best < 0) return null;
  for (let at = best; at >= 0; at = text.indexOf(word, at + 1)) {
    if (isBoundary(text, at)) {
      best = at;
      break;
    }
  }
  const place = isBoundary(text, best) ? (best === 0 ? 120 : 100) : 60;
  // The rarer the rest of the text, the closer the match.
  return { score: place + (20 * word.length) / text.length, ranges: [[best, best + word.length]] };
}

/** Letters in order with others between them; the first at the beginning of a word, and at most a few jumps. */
function scattered(word: string, text: string): FuzzyMatch | null {
  if (word.length < 2) return null;
  for (let start = text.indexOf(word[0] ?? ''); start >= 0; start = text.indexOf(word[0] ?? '', start + 1)) {
    const found = isBoundary(text, start) && scatteredFrom(word, text, start);
    if (found) return found;
  }
  return null;
}

function scatteredFrom(word: string, text: string, start: number): FuzzyMatch | null {
  const ranges: [number, number][] = [[start, start + 1]];
  let boundaries = 1;
  for (const letter of word.slice(1)) {
    const last = ranges[ranges.length - 1] as [number, number];
    if (text[last[1]] === letter) {
      last[1]++;
      continue;
    }
    const next = nextBoundary(letter, text, last[1]);
    if (next < 0) return null;
    boundaries++;
    ranges.push([next, next + 1]);
  }
  return { score: 20 + (20 * word.length) / text.length - boundaries, ranges };
}

/** Jumps go to beginnings of words only: anything looser finds what nobody meant. */
function nextBoundary(letter: string, text: string, from: number): number {
  for (let at = text.indexOf(letter, from); at >= 0; at = text.indexOf(letter, at + 1)) {
    if (isBoundary(text, at)) return at;
  }
  return -1;
}

function merged(ranges: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const result: [number, number][] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = result[result.length - 1];
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}
