import type { AppConfig } from '../config/app-config';

const loopback = /^(127(\.\d{1,3}){3}|::1|localhost)$/;
const localhost = new Set(['localhost', '127.0.0.1', '::1', '[::1]']);
const everyAddress = new Set(['0.0.0.0', '::']);

/** True for an address that only this machine can reach. */
export const isLoopback = (host: string): boolean => loopback.test(host);

/** True for what `localhost` resolves to in some browser, and for that name; 127.0.0.2 is loopback, but not this. */
export const isLocalhost = (host: string): boolean => localhost.has(host);

/** An IPv6 literal in the brackets that it has in a URL; anything else as it is. */
export const bracketed = (name: string): string => (name.includes(':') && !name.startsWith('[') ? `[${name}]` : name);

/**
 * Where a person opens the console on this machine: `localhost` wherever the server listens on what that name means,
 * else the one address that it listens on.
 *
 * @param port the port it really listens on; the configured one may be 0
 */
export function consoleOrigin({ host }: Pick<AppConfig, 'host'>, port: number): string {
  return `http://${isLocalhost(host) || everyAddress.has(host) ? 'localhost' : bracketed(host)}:${port}`;
}
