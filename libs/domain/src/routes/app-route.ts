import type { InstanceStatus, Progress } from '@aikore/contract';

/** How one instance is reached, and what a visitor is told while it cannot be. Pure data. */
export interface AppRoute {
  readonly instanceId: number;
  /** First label of `<slug>.localhost`, and the part after `/instance/`. */
  readonly slug: string;
  readonly name: string;
  readonly status: InstanceStatus;
  readonly progress: Progress | null;
  /** Why it has this status, for a person. */
  readonly reason: string | null;
  /** The private loopback port that the app listens on; null before its first start. */
  readonly appPort: number | null;
  /** The leased pool port that the server listens on for this app; null without a lease. */
  readonly publicPort: number | null;
}

/** The statuses in which an app may answer; in any other its port may be somebody else's. */
export const isReachable = (route: AppRoute): boolean =>
  route.appPort !== null && (route.status === 'started' || route.status === 'starting' || route.status === 'stalled');
