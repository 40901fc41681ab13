import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';
import { hostCount } from '@aikore/api/kernel';

/** Host and port that a request was sent to. An IPv6 name keeps its brackets, as in `URL.hostname`. */
export interface HostName {
  readonly name: string;
  readonly port: number | null;
}

const shape = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::([1-9]\d{0,4}))?$/;
const dnsName = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/** Parse a Host header (RFC 9110 §7.2); null for anything but a name or IP literal with an optional port. */
export function parseHost(text: string): HostName | null {
  const match = shape.exec(text.toLowerCase());
  const name = match?.[1];
  if (name === undefined || !isName(name)) return null;
  const port = match?.[2] === undefined ? null : Number(match[2]);
  return port !== null && port > 65535 ? null : { name, port };
}

const isName = (name: string): boolean => (name.startsWith('[') ? isIPv6(name.slice(1, -1)) : dnsName.test(name));

/** The Host of a request; null when it is missing, malformed, or there is more than one. */
export function readHost(request: IncomingMessage): HostName | null {
  return hostCount(request) === 1 ? parseHost(request.headers.host ?? '') : null;
}

/**
 * Whether the server answers under this name. IP literals and `localhost` cannot be made to point here by a foreign
 * DNS server, any other name could (DNS rebinding): so other names must be configured.
 */
export function isAllowedHost(name: string, configured: readonly string[]): boolean {
  return (
    name.startsWith('[') ||
    isIPv4(name) ||
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    configured.includes(name)
  );
}
