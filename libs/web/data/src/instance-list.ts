import { inDisplayOrder, type Instance } from '@aikore/contract';

/** The list with one instance put in or replaced, in display order; the other objects stay the same. */
export function upsertInstance(list: readonly Instance[], changed: Instance): readonly Instance[] {
  const index = list.findIndex(({ id }) => id === changed.id);
  const before = list[index];
  const stays = before?.position === changed.position && before.parent_instance_id === changed.parent_instance_id;
  if (stays) return list.map((item, i) => (i === index ? changed : item));
  return inDisplayOrder([...list.filter(({ id }) => id !== changed.id), changed]);
}

/** The list in the order of `ids`; what is not among them keeps its position. */
export function reorder(list: readonly Instance[], ids: readonly number[]): readonly Instance[] {
  const places = new Map(ids.map((id, index) => [id, index + 1]));
  const placed = list.map((item) => {
    const position = places.get(item.id) ?? item.position;
    return position === item.position ? item : { ...item, position };
  });
  return inDisplayOrder(placed);
}

/** The ids as they will be after a move, shown before the server has answered. @param before null: to the end */
export function idsAfterMove(list: readonly Instance[], id: number, before: number | null): number[] {
  const moved = list.find((item) => item.id === id);
  if (!moved || id === before) return list.map((item) => item.id);
  const isHead = !list.some((item) => item.id === moved.parent_instance_id);
  const inBlock = (item: Instance): boolean => item === moved || (isHead && item.parent_instance_id === id);
  const block = list.filter(inBlock).map((item) => item.id);
  const rest = list.filter((item) => !inBlock(item));
  const family = isHead ? null : moved.parent_instance_id;
  const end = rest.findLastIndex((item) => family === null || item.id === family || item.parent_instance_id === family);
  const at = before === null ? end + 1 : rest.findIndex((item) => item.id === before);
  const ids = rest.map((item) => item.id);
  return [...ids.slice(0, at), ...block, ...ids.slice(at)];
}

/** A name that nobody has yet: `base`, else `base 2`, `base 3`, … */
export function freeName(base: string, taken: Iterable<string>): string {
  const used = new Set([...taken].map((name) => name.toLocaleLowerCase()));
  if (!used.has(base.toLocaleLowerCase())) return base;
  for (let count = 2; ; count++) {
    const name = `${base} ${count}`;
    if (!used.has(name.toLocaleLowerCase())) return name;
  }
}
