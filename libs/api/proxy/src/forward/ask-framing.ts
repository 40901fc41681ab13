import { type Framing, framingOf } from '@aikore/domain';
import type { Dispatcher, Pool } from 'undici';

/** Milliseconds in all, and redirects inside of the app that are followed: to a login page, say. */
const limit = 2_000;
const hops = 3;

type Headers = Record<string, string | string[] | undefined>;
const all = (value: string | string[] | undefined): string[] => (value === undefined ? [] : [value].flat());

/**
 * Ask an app for the page that a frame would show, and read from the headers whether it lets itself be framed: a
 * browser tells the page around the frame nothing about it. GET, because many apps answer HEAD with an error.
 *
 * @param host what a browser would send as Host
 * @param embedder origin of the page with the frame
 * @returns null when it does not answer in time
 */
export async function askFraming(app: Pool, host: string, path: string, embedder: string): Promise<Framing | null> {
  const signal = AbortSignal.timeout(limit);
  try {
    let next = path;
    for (let hop = 0; hop <= hops; hop++) {
      const headers = await headersOf(app, host, next, signal);
      const to = redirect(headers['location'], host, next);
      if (to === null) {
        const [xFrameOptions, contentSecurityPolicy] = [headers['x-frame-options'], headers['content-security-policy']];
        return framingOf(
          { xFrameOptions: all(xFrameOptions), contentSecurityPolicy: all(contentSecurityPolicy) },
          embedder,
        );
      }
      next = to;
    }
  } catch {
    // It does not answer, or speaks no HTTP: the frame shows what there is.
  }
  return null;
}

async function headersOf(app: Pool, host: string, path: string, signal: AbortSignal): Promise<Headers> {
  const headers = { host, accept: 'text/html,*/*;q=0.8', 'sec-fetch-dest': 'iframe', 'sec-fetch-mode': 'navigate' };
  const answer: Dispatcher.ResponseData = await app.request({ method: 'GET', path, headers, signal });
  // Only the headers matter; a page that never ends must not hold the connection.
  answer.body.on('error', () => undefined).destroy();
  return answer.headers;
}

/** Path and query of a redirect that stays with the app; null for anything else. */
function redirect(location: string | string[] | undefined, host: string, from: string): string | null {
  const [first] = all(location);
  const base = `http://${host}`;
  if (first === undefined || !URL.canParse(first, base + from)) return null;
  const url = new URL(first, base + from);
  return url.host === host ? url.pathname + url.search : null;
}
