import { inDisplayOrder, type MoveInstance, type Placed } from '@aikore/contract';

export type MovePlan =
  | { readonly ids: readonly number[] }
  | { readonly fault: 'unknown' | 'unknown_before' | 'satellite_elsewhere' | 'before_satellite' };

/**
 * The display order after a move: families stay together.
 *
 * @returns the ids of all instances in their new order, or why the move makes no sense
 */
export function planMove(instances: readonly Placed[], { id, before }: MoveInstance): MovePlan {
  const ordered = inDisplayOrder(instances);
  const ids = new Set(ordered.map((item) => item.id));
  const familyOf = ({ id: own, parent_instance_id: parent }: Placed): number =>
    parent !== null && ids.has(parent) ? parent : own;
  const moved = ordered.find((item) => item.id === id);
  const target = ordered.find((item) => item.id === before);
  if (!moved) return { fault: 'unknown' };
  if (before !== null && !target) return { fault: 'unknown_before' };
  const isSatellite = familyOf(moved) !== moved.id;
  if (target && isSatellite && (familyOf(target) !== familyOf(moved) || target.id === familyOf(moved))) {
    return { fault: 'satellite_elsewhere' };
  }
  if (target && !isSatellite && familyOf(target) !== target.id) return { fault: 'before_satellite' };
  if (target === moved) return { ids: ordered.map((item) => item.id) };
  const block = isSatellite ? [moved] : ordered.filter((item) => familyOf(item) === moved.id);
  const rest = ordered.filter((item) => !block.includes(item));
  const at = target ? rest.indexOf(target) : endOf(rest, isSatellite ? familyOf(moved) : null, familyOf);
  return { ids: [...rest.slice(0, at), ...block, ...rest.slice(at)].map((item) => item.id) };
}

/** Behind the last of a family; null: behind all. */
function endOf(rest: readonly Placed[], family: number | null, familyOf: (item: Placed) => number): number {
  if (family === null) return rest.length;
  return rest.findLastIndex((item) => familyOf(item) === family) + 1;
}
