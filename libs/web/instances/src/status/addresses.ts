import type { Instance } from '@aikore/contract';

/** Where a browser that shows the console at `console` reaches an app: at its own name, and at its pool port. */
export function addressesOf(
  instance: Pick<Instance, 'slug' | 'port' | 'path'>,
  console: Pick<Location, 'protocol' | 'hostname' | 'port' | 'origin'>,
): string[] {
  const { protocol, hostname, port, origin } = console;
  const local = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
  const named = `${protocol}//${instance.slug}.localhost${port && `:${port}`}`;
  // Pool ports speak plain HTTP, whatever stands before the console.
  const pooled = instance.port === null ? [] : [`http://${hostname}:${instance.port}`];
  if (local) return [named, ...pooled];
  return pooled.length > 0 ? pooled : [origin + instance.path];
}
