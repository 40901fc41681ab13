import type { Span } from './log-line';

export interface MarkedSpan extends Span {
  readonly hit: boolean;
}

/** A pattern that finds the text as it was typed, whatever its case. Null for nothing. */
export function searchPattern(query: string): RegExp | null {
  return query ? new RegExp(query.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i') : null;
}

/** The spans cut at the places that match, those marked. */
export function markHits(spans: readonly Span[], pattern: RegExp | null): MarkedSpan[] {
  if (!pattern) return spans.map((span) => ({ ...span, hit: false }));
  const text = spans.map((span) => span.text).join('');
  const edges: number[] = [];
  for (const match of text.matchAll(new RegExp(pattern.source, 'gi'))) {
    if (match[0]) edges.push(match.index, match.index + match[0].length);
  }
  const marked: MarkedSpan[] = [];
  let position = 0;
  for (const span of spans) {
    const end = position + span.text.length;
    const cuts = [position, ...edges.filter((edge) => edge > position && edge < end), end];
    for (let i = 0; i + 1 < cuts.length; i++) {
      const [from, to] = [cuts[i] ?? 0, cuts[i + 1] ?? 0];
      // An odd number of edges up to here: inside of a hit.
      const hit = edges.filter((edge) => edge <= from).length % 2 === 1;
      marked.push({ text: span.text.slice(from - position, to - position), style: span.style, hit });
    }
    position = end;
  }
  return marked;
}
