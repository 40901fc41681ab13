import type { Instance } from '@aikore/contract';

/** The warning of an app that listens beyond loopback; null when it does not. */
export const exposureWords = ({ exposed }: Pick<Instance, 'exposed'>): string | null =>
  exposed.length === 0
    ? null
    : `It listens on ${exposed.join(' and ')}: whoever reaches this machine there uses it without AiKore and its login. ` +
      'Let it listen on 127.0.0.1 ($AIKORE_BIND_HOST), or close the port in a firewall.';
