import { csrfHeader } from '@aikore/contract';

/** Anything named `aikore_…` is ours, whichever installation it belongs to: a host name has one jar for all ports. */
const ownCookie = /^(?:__(?:host|secure)-)?aikore_/i;
/** An app must not see a token of ours even when it is malformed. */
const ownBearer = /^\s*bearer\s+aik_/i;

/** True for the name of a cookie of ours, in any spelling that some server or browser may take for it. */
const isOwnCookie = (name: string): boolean => ownCookie.test(name.trim());

/** A Cookie header without our cookies; null when nothing is left. */
function stripCookieHeader(value: string): string | null {
  const kept: string[] = [];
  let ours = 0;
  for (const pair of value.split(';')) {
    if (isOwnCookie(nameOf(pair))) ours += 1;
    else if (pair.trim() !== '') kept.push(pair.trim());
  }
  if (ours === 0) return value;
  return kept.length > 0 ? kept.join('; ') : null;
}

/** The name that a cookie pair has for whoever reads it next: a nameless `=a=b` is sent back as `a=b`. */
function nameOf(pair: string): string {
  const text = pair.replace(/^[\s=]+/, '');
  const equals = text.indexOf('=');
  return equals < 0 ? text : text.slice(0, equals);
}

/**
 * Headers of a request as an app may see them: no cookie, bearer or CSRF header of ours, everything else as it was.
 *
 * @param rawHeaders name, value, name, value, … as in `IncomingMessage.rawHeaders`
 */
export function stripCredentials(rawHeaders: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    const value = stripValue(name.toLowerCase().trim(), rawHeaders[at + 1] ?? '');
    if (value !== null) kept.push(name, value);
  }
  return kept;
}

function stripValue(name: string, value: string): string | null {
  if (name === 'cookie') return stripCookieHeader(value);
  if (name === csrfHeader.name) return null;
  if (name === 'authorization' && ownBearer.test(value)) return null;
  return value;
}

/** `Set-Cookie` values of an app's answer, without those that would plant, replace or clear a cookie of ours. */
export const stripSetCookies = (values: readonly string[]): string[] =>
  values.filter((value) => !isOwnCookie(nameOf(value.split(';', 1)[0] ?? '')));
