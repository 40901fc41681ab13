import type { HostName } from './host-header';

/** The origin that a browser has for pages of this host (RFC 6454 §6.2: the default port is left out). */
export function originOf({ name, port }: HostName, secure: boolean): string {
  const isDefault = port === null || port === (secure ? 443 : 80);
  return `${secure ? 'https' : 'http'}://${name}${isDefault ? '' : `:${port}`}`;
}

/** `own`: exactly the origin that was asked. `absent`: not sent. `foreign`: any other text, `null` included. */
export function judgeOrigin(header: string | undefined, host: HostName, secure: boolean): 'own' | 'absent' | 'foreign' {
  if (header === undefined) return 'absent';
  return header === originOf(host, secure) ? 'own' : 'foreign';
}
