import type { InstanceStatus, RouteResult, routes } from '@aikore/contract';

export type Opened = RouteResult<typeof routes.openInstance>;
/** Why no frame is shown although the app runs. */
export type Obstacle = 'refused' | 'cookies' | 'mixed';

/** What to show for a status: the app, that it is coming, or that it does not run. */
export function stageOf(status: InstanceStatus): 'app' | 'coming' | 'off' {
  if (status === 'started' || status === 'stalled') return 'app';
  return status === 'installing' || status === 'starting' ? 'coming' : 'off';
}

/**
 * What keeps the browser from showing the app in a frame, as far as it can be known before: the app's headers, which
 * the server asked for; that no origin of this site is there for it; that an encrypted page may hold no plain frame.
 * What remains (settings and extensions of the browser) no page can see: the way into a tab is always there.
 *
 * @param page address of the console
 */
export function obstacleTo({ url, framing }: Opened, page: URL): Obstacle | null {
  const app = new URL(url);
  const local = app.hostname === 'localhost' || app.hostname.endsWith('.localhost') || app.hostname === '127.0.0.1';
  if (page.protocol === 'https:' && app.protocol === 'http:' && !local) return 'mixed';
  return framing === 'refused' || framing === 'cookies' ? framing : null;
}

export const obstacleWords: Record<Obstacle, { readonly title: string; readonly text: string }> = {
  refused: {
    title: 'This app does not let itself be shown in a frame',
    text: 'It tells browsers so with a header (X-Frame-Options or frame-ancestors). It works in a tab of its own.',
  },
  cookies: {
    title: 'This app has no public port',
    text: 'Without one, browsers keep its cookies from a frame. Give the instance a port, or open it in a tab.',
  },
  mixed: {
    title: 'The browser does not show this app here',
    text: 'The console is encrypted (https) and the app’s port is not: such frames are blocked. It works in a tab.',
  },
};
