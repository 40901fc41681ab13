import * as z from 'zod';

const id = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

/**
 * Where an instance goes. One that is no satellite takes its family along and goes before another family; a satellite
 * goes before a sibling. `before: null`: to the end, of the list or of the family.
 */
export const moveInstance = z.object({ id, before: id.nullable() }).strict();
export type MoveInstance = z.infer<typeof moveInstance>;

/** All instances in display order. `position` of each is its place here, from 1. */
export const instanceOrder = z.object({ ids: z.array(z.number().int()) });
export type InstanceOrder = z.infer<typeof instanceOrder>;

/** What the order of instances depends on. */
export interface Placed {
  readonly id: number;
  readonly parent_instance_id: number | null;
  readonly position: number;
}

/**
 * Instances in display order: by position, and every satellite below its parent. One whose parent is not among them
 * stands for itself. The same rule holds on the server and in every client.
 */
export function inDisplayOrder<T extends Placed>(instances: readonly T[]): T[] {
  const sorted = [...instances].sort((a, b) => a.position - b.position || a.id - b.id);
  const known = new Set(sorted.map((item) => item.id));
  const satellites = new Map<number, T[]>();
  for (const item of sorted) {
    const parent = item.parent_instance_id;
    if (parent !== null && known.has(parent)) satellites.set(parent, [...(satellites.get(parent) ?? []), item]);
  }
  const heads = sorted.filter(({ parent_instance_id: parent }) => parent === null || !known.has(parent));
  return heads.flatMap((head) => [head, ...(satellites.get(head.id) ?? [])]);
}
