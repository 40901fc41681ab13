import { fuzzyMatch, type FuzzyMatch } from './fuzzy';

/** What the palette offers. */
export interface PaletteItem {
  readonly id: string;
  readonly label: string;
  readonly group: string;
  readonly icon: string;
  readonly words?: string;
  readonly keys?: string;
}
/** A label in pieces; those that were typed are marked. */
export interface LabelPart {
  readonly text: string;
  readonly marked: boolean;
}
export interface PaletteRow<T> {
  readonly item: T;
  readonly parts: readonly LabelPart[];
  /** A heading that stands above it. */
  readonly heading: string | null;
}

/** More than anybody reads; the rest is found by typing. */
const shownAtMost = 60;

/**
 * The rows of the palette: while nothing is typed, what was used last and then everything by group; else the best
 * matches first, what was used last before its equals.
 *
 * @param recent ids, the last one first
 */
export function rankItems<T extends PaletteItem>(
  items: readonly T[],
  query: string,
  recent: readonly string[],
): readonly PaletteRow<T>[] {
  if (!query.trim()) return everything(items, recent);
  const bonus = new Map(recent.map((id, index) => [id, 5 - index / recent.length]));
  const found: { item: T; match: FuzzyMatch; score: number }[] = [];
  for (const item of items) {
    const match = fuzzyMatch(query, item.label, `${item.group} ${item.words ?? ''}`);
    if (match) found.push({ item, match, score: match.score + (bonus.get(item.id) ?? 0) });
  }
  return found
    .sort((a, b) => b.score - a.score)
    .slice(0, shownAtMost)
    .map(({ item, match }) => ({ item, parts: partsOf(item.label, match), heading: null }));
}

function everything<T extends PaletteItem>(items: readonly T[], recent: readonly string[]): readonly PaletteRow<T>[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const last = recent.map((id) => byId.get(id)).filter((item) => item !== undefined);
  const used = new Set(last);
  const rest = items.filter((item) => !used.has(item));
  const groups = new Map([...new Set(rest.map(({ group }) => group))].map((name, index) => [name, index]));
  rest.sort((a, b) => (groups.get(a.group) ?? 0) - (groups.get(b.group) ?? 0));
  let heading = '';
  return [...last.map((item) => ({ item, name: 'Used last' })), ...rest.map((item) => ({ item, name: item.group }))]
    .slice(0, shownAtMost)
    .map(({ item, name }) => {
      const isNew = name !== heading;
      heading = name;
      return { item, parts: [{ text: item.label, marked: false }], heading: isNew ? name : null };
    });
}

function partsOf(text: string, { ranges }: FuzzyMatch): readonly LabelPart[] {
  const parts: LabelPart[] = [];
  let at = 0;
  for (const [from, to] of ranges) {
    if (from > at) parts.push({ text: text.slice(at, from), marked: false });
    parts.push({ text: text.slice(from, to), marked: true });
    at = to;
  }
  if (at < text.length) parts.push({ text: text.slice(at), marked: false });
  return parts;
}
