import type { RowReader } from './row-reader';

/** The parent of each row: an instance that is there and is no satellite itself, or null. */
export function healParents(readers: readonly RowReader[]): (number | null)[] {
  const claimed = new Map(readers.map((reader) => [reader.id, parentOf(reader)]));
  return readers.map((reader) => {
    const old = claimed.get(reader.id) ?? null;
    if (old === null) return null;
    const parent = rootAbove(reader.id, claimed);
    if (parent !== old) reader.note('parent_instance_id', old, parent, reasonFor(old, parent, claimed));
    return parent;
  });
}

const parentOf = (reader: RowReader): number | null =>
  reader.integer('parent_instance_id', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);

function rootAbove(id: number, claimed: ReadonlyMap<number, number | null>): number | null {
  const seen = new Set([id]);
  let root = id;
  for (let next = claimed.get(id); next != null && claimed.has(next); next = claimed.get(next)) {
    if (seen.has(next)) return null;
    seen.add(next);
    root = next;
  }
  return root === id ? null : root;
}

function reasonFor(old: number, parent: number | null, claimed: ReadonlyMap<number, number | null>): string {
  if (parent !== null) return 'Its parent was a satellite itself; now it belongs to that one’s parent.';
  const fault = claimed.has(old) ? 'Its parents form a circle' : 'Its parent is missing';
  return `${fault}; now it stands alone, with a folder of its own.`;
}

/** Places in the list from 1: in the order of the ids, satellites right after their parent. */
export function placeFamilies(ids: readonly number[], parents: readonly (number | null)[]): number[] {
  const key = (index: number) => [parents[index] ?? ids[index] ?? 0, parents[index] == null ? 0 : 1, ids[index] ?? 0];
  const order = ids.map((_id, index) => index).sort((a, b) => compare(key(a), key(b)));
  const positions = new Array<number>(ids.length);
  order.forEach((index, place) => (positions[index] = place + 1));
  return positions;
}

function compare(a: readonly number[], b: readonly number[]): number {
  const differing = a.findIndex((value, index) => value !== b[index]);
  return differing === -1 ? 0 : (a[differing] ?? 0) - (b[differing] ?? 0);
}
