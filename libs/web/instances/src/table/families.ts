import type { Instance } from '@aikore/contract';

/** A parent and its satellites, or an instance that has none: what moves as one block. */
export interface Family {
  readonly head: Instance;
  readonly satellites: readonly Instance[];
  /** How many rows stand above it. */
  readonly offset: number;
}

/**
 * The rows as families. Objects of `before` are kept where nothing changed, so that only families with a change are
 * drawn again.
 *
 * @param rows in display order
 */
export function familiesOf(rows: readonly Instance[], before: readonly Family[] = []): readonly Family[] {
  const known = new Map(before.map((family) => [family.head.id, family]));
  const blocks: Instance[][] = [];
  for (const row of rows) {
    const last = blocks.at(-1);
    if (last?.[0] && row.parent_instance_id === last[0].id) last.push(row);
    else blocks.push([row]);
  }
  let offset = 0;
  return blocks.flatMap(([head, ...satellites]) => {
    if (!head) return [];
    const made = { head, satellites, offset };
    offset += 1 + satellites.length;
    const old = known.get(head.id);
    return [old && sameFamily(old, made) ? old : made];
  });
}

const sameFamily = (a: Family, b: Family): boolean =>
  a.head === b.head &&
  a.offset === b.offset &&
  a.satellites.length === b.satellites.length &&
  a.satellites.every((item, index) => item === b.satellites[index]);

/**
 * The instance to go before, for a move among those that are shown: what is filtered away stays where it is, behind what
 * it stands behind.
 *
 * @param all every one of the same level, in display order
 * @param shown the ids that are seen, without the moved one
 * @param place index among `shown` that the moved one goes to
 * @returns null for the end
 */
export function beforeWhich(
  all: readonly number[],
  shown: readonly number[],
  place: number,
  moved: number,
): number | null {
  const above = shown[place - 1];
  if (above === undefined) return shown[0] ?? null;
  const rest = all.filter((id) => id !== moved);
  return rest[rest.indexOf(above) + 1] ?? null;
}

/** Heads of families that have satellites, for the filter. */
export function familyHeads(instances: readonly Instance[]): readonly Instance[] {
  const parents = new Set(instances.map(({ parent_instance_id: parent }) => parent));
  return instances.filter(({ id }) => parents.has(id));
}
