import { isLocalhost } from '../http/host-names';

/** Addresses to listen on: both loopback ones for a loopback host, as browsers pick either for `localhost`. */
export function listenAddresses(host: string): string[] {
  if (!isLocalhost(host)) return [host];
  return host.includes('::1') ? ['::1', '127.0.0.1'] : ['127.0.0.1', '::1'];
}
