import type { Identity } from '@aikore/api/kernel';
import type { AppRoute } from '@aikore/domain';

/** A public port that could not be opened. */
export interface RouteProblem {
  readonly instanceId: number;
  readonly port: number;
  /** A sentence that names who holds the port, when that can be seen. */
  readonly message: string;
}

/** The console as the asking browser sees it: from its Host header. */
export interface ConsoleAddress {
  /** Without port; an IPv6 literal with or without its brackets. */
  readonly name: string;
  readonly port: number | null;
  readonly protocol: 'http' | 'https';
}

/** Where apps are reached. The instances module gives the routes; how they are served is the proxy's matter. */
export abstract class AppRoutes {
  /**
   * Make these the routes, all at once: requests see the old ones or the new ones. Opens and closes the listeners of
   * pool ports. Calls are applied one after the other.
   *
   * @returns the ports that could not be opened; nothing is thrown for them, and the next call tries them again
   */
  abstract apply(routes: readonly AppRoute[]): Promise<{ problems: RouteProblem[] }>;

  /**
   * A single-use address (30 s) that lets this identity's browser into the app.
   *
   * @param path where to land on the app's origin, beginning with `/`
   * @returns null when the instance has no route, or no public port where one is needed
   */
  abstract openUrl(instanceId: number, identity: Identity, console: ConsoleAddress, path: string): string | null;
}
