import type { AppRoute } from './app-route';

/** What to do with the listeners of the pool ports: ports, lowest first. */
export interface ListenerPlan {
  /** Port → the instance that it shall serve. */
  readonly open: ReadonlyMap<number, number>;
  readonly close: readonly number[];
}

/**
 * Compare the listeners that are there with the leases.
 *
 * A port that changed hands is closed *and* opened: connections that one app's page holds must not reach the next one.
 * Should two routes claim a port (the leases are unique, so they do not), the first keeps it.
 *
 * @param current port → instance of the open listeners
 */
export function planListeners(
  current: ReadonlyMap<number, number>,
  desired: readonly Pick<AppRoute, 'instanceId' | 'publicPort'>[],
): ListenerPlan {
  const wanted = new Map<number, number>();
  for (const { publicPort, instanceId } of desired) {
    if (publicPort !== null && !wanted.has(publicPort)) wanted.set(publicPort, instanceId);
  }
  const ascending = (ports: Iterable<number>) => [...ports].sort((a, b) => a - b);
  const changes = (port: number) => wanted.get(port) !== current.get(port);
  return {
    open: new Map(
      ascending(wanted.keys())
        .filter(changes)
        .map((port) => [port, wanted.get(port) as number]),
    ),
    close: ascending(current.keys()).filter(changes),
  };
}
