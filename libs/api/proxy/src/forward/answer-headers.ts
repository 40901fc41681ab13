import type { IncomingMessage } from 'node:http';
import { protocolOf, stripSetCookies } from '@aikore/api/kernel';
import type { Destination } from './destination';
import { isHopByHop, namedByConnection } from './hop-by-hop';
import { publicLocation } from './location';

/** An app's answer headers for the visitor, as a flat list of names and values. */
export interface AnswerHeaders {
  readonly headers: string[];
  /** Bytes of the body, when the app said so. */
  readonly length: number | null;
}

/**
 * Not for an app to say: it would clear the cookies of the whole host name, the console's among them, as cookies know
 * no ports.
 */
const refused = 'clear-site-data';

/**
 * @param raw the app's headers, names and values in turn
 */
export function answerHeaders(
  raw: readonly string[],
  request: IncomingMessage,
  destination: Destination,
): AnswerHeaders {
  const headers: string[] = [];
  let cookies: string[] | null = null;
  let length: number | null = null;
  const named = connectionNames(raw);
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] as string;
    const value = raw[i + 1] as string;
    const key = name.toLowerCase();
    if (isHopByHop(key) || key === refused || named?.has(key)) continue;
    if (key === 'set-cookie') (cookies ??= []).push(value);
    else if (key === 'location') headers.push(name, publicLocation(value, placeOf(request, destination)));
    else {
      if (key === 'content-length') length = Number(value);
      headers.push(name, value);
    }
  }
  if (cookies) for (const cookie of stripSetCookies(cookies)) headers.push('Set-Cookie', cookie);
  return { headers, length };
}

function connectionNames(raw: readonly string[]): Set<string> | null {
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] as string;
    if (name.length === 10 && name.toLowerCase() === 'connection') return namedByConnection(raw[i + 1]);
  }
  return null;
}

const placeOf = (request: IncomingMessage, { prefix, route }: Destination) => ({
  origin: `${protocolOf(request)}://${request.headers.host ?? ''}`,
  prefix,
  appPort: route.appPort ?? 0,
});
