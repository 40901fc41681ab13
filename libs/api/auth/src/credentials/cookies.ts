/*
 * Cookies are shared by all ports of a host name and by every AiKore on it, so their names carry the installation
 * and, for an app, the instance. Whatever begins with `aikore_` is kept from apps (`stripCredentials`).
 */

/** `__Host-` (RFC 6265bis §4.1.3.2) binds a cookie to this very host name; browsers take it over TLS only. */
const prefixed = (name: string, secure: boolean): string => (secure ? `__Host-${name}` : name);

export const sessionCookieName = (installId: string, secure: boolean): string =>
  prefixed(`aikore_${installId}`, secure);

export const appCookieName = (installId: string, instanceId: number, secure: boolean): string =>
  prefixed(`aikore_app_${installId}_${instanceId}`, secure);

/**
 * Every value under this name. There may be several: a page on another port of the host can plant one with a longer
 * path, which browsers send first. Only the right one verifies.
 */
export function cookieValues(header: string | undefined, name: string): string[] {
  if (header === undefined) return [];
  const values: string[] = [];
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals).trim() === name) values.push(pair.slice(equals + 1).trim());
  }
  return values;
}

/** @param maxAge seconds; 0 removes the cookie */
export function cookieText(
  name: string,
  value: string,
  options: { sameSite: 'Strict' | 'Lax'; maxAge: number; secure: boolean },
): string {
  const { sameSite, maxAge, secure } = options;
  return `${name}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=${sameSite}${secure ? '; Secure' : ''}`;
}
