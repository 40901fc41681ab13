/** Addresses to listen on: both loopback ones for a loopback host, as browsers pick either for `localhost`. */
export function listenAddresses(host: string): string[] {
  if (host === '::1') return ['::1', '127.0.0.1'];
  return host === 'localhost' || host === '127.0.0.1' ? ['127.0.0.1', '::1'] : [host];
}
