/** Public ports, both ends included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** `keep` the lease, take another port, or `none` is free. */
export type PortPlan =
  | { kind: 'keep'; port: number }
  | { kind: 'lease'; port: number; because: 'missing' | 'out-of-range' | 'doubled' | 'occupied' }
  | { kind: 'none' };

/**
 * Self-healing of a public port, computed purely.
 *
 * @param current  the instance's port, or null for Auto
 * @param leased   ports of *other* instances
 * @param occupied ports on which some other program listens
 */
export function planPort(
  range: PortRange,
  current: number | null,
  leased: ReadonlySet<number>,
  occupied: ReadonlySet<number>,
): PortPlan {
  const because = faultOf(range, current, leased, occupied);
  if (because === null && current !== null) return { kind: 'keep', port: current };
  for (let port = range.from; port <= range.to; port++) {
    if (!leased.has(port) && !occupied.has(port)) return { kind: 'lease', port, because: because ?? 'missing' };
  }
  return { kind: 'none' };
}

function faultOf(
  range: PortRange,
  current: number | null,
  leased: ReadonlySet<number>,
  occupied: ReadonlySet<number>,
): 'missing' | 'out-of-range' | 'doubled' | 'occupied' | null {
  if (current === null) return 'missing';
  if (!inRange(range, current)) return 'out-of-range';
  if (leased.has(current)) return 'doubled';
  return occupied.has(current) ? 'occupied' : null;
}

export const inRange = (range: PortRange, port: number): boolean => port >= range.from && port <= range.to;
