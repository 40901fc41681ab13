import type { Identity } from '@aikore/api/kernel';
import type { AppRoute, Framing } from '@aikore/domain';

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

/** `cookies`: the browser would keep the app's cookie from the frame. `unknown`: the app does not answer. */
export type FrameVerdict = Framing | 'cookies' | 'unknown';

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
   * @param path  where to land on the app's origin, beginning with `/`
   * @param embed it will stand in a frame of the console: the pool port comes first, because browsers take
   *              `<slug>.localhost` for another site, whose cookies they keep from a frame
   * @returns null when the instance has no route, or no public port where one is needed
   */
  abstract openUrl(
    instanceId: number,
    identity: Identity,
    console: ConsoleAddress,
    path: string,
    embed?: boolean,
  ): string | null;

  /** Whether a frame of the console can show the app; the app is asked, if it is there. */
  abstract framing(instanceId: number, console: ConsoleAddress, path: string): Promise<FrameVerdict>;
}
