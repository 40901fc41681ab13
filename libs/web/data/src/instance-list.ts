import type { Instance } from '@aikore/contract';

const inOrder = (a: Instance, b: Instance) => a.position - b.position || a.id - b.id;

/** The list with one instance put in or replaced, in display order; the other objects stay the same. */
export function upsertInstance(list: readonly Instance[], changed: Instance): readonly Instance[] {
  const index = list.findIndex(({ id }) => id === changed.id);
  const before = list[index];
  if (before?.position === changed.position) return list.map((item, i) => (i === index ? changed : item));
  return sortInstances([...list.filter(({ id }) => id !== changed.id), changed]);
}

/** The instances in display order. */
export const sortInstances = (list: readonly Instance[]): readonly Instance[] => [...list].sort(inOrder);

/** A name that nobody has yet: `base`, else `base 2`, `base 3`, … */
export function freeName(base: string, taken: Iterable<string>): string {
  const used = new Set([...taken].map((name) => name.toLocaleLowerCase()));
  if (!used.has(base.toLocaleLowerCase())) return base;
  for (let count = 2; ; count++) {
    const name = `${base} ${count}`;
    if (!used.has(name.toLocaleLowerCase())) return name;
  }
}
