import { describe, expect, it } from 'vitest';
import { isAllowedHost, parseHost, readHost } from './host-header';
import { requestOf } from '../testing/request-of';

const configured = ['aikore.example.org', 'gpu-box', 'my_container'];

/** Host header → passes? (SECURITY.md P2) */
const hosts: [string, boolean][] = [
  ['localhost', true],
  ['localhost:9000', true],
  ['LOCALHOST:9000', true],
  ['comfy-ui.localhost:9000', true],
  ['a.b.localhost', true],
  ['127.0.0.1:9000', true],
  ['192.168.1.20:19001', true],
  ['[::1]:9000', true],
  ['[fe80::1]', true],
  ['[::ffff:10.0.0.1]:9000', true],
  ['gpu-box:9000', true],
  ['GPU-Box', true],
  ['aikore.example.org', true],
  ['my_container:9000', true],
  ['', false],
  ['evil.example', false],
  ['localhost.evil.example', false],
  ['evillocalhost', false],
  ['localhost.', false],
  ['localhost:', false],
  ['localhost:0', false],
  ['localhost:99999', false],
  ['localhost:9000:9000', false],
  ['user@localhost:9000', false],
  ['http://localhost', false],
  ['localhost/', false],
  ['localhost, evil.example', false],
  ['local host', false],
  ['.localhost', false],
  ['-a.localhost', false],
  ['::1', false],
  ['[::1', false],
  ['[::1%25eth0]', false],
  ['[evil]', false],
  ['127.1', false],
  ['2130706433', false],
  ['0x7f.0.0.1', false],
  ['sub.aikore.example.org', false],
  ['aikore.example.org.evil.example', false],
  ['lócalhost', false],
];

describe('Host', () => {
  it.each(hosts)('%j passes: %s', (header, passes) => {
    const host = readHost(requestOf({ headers: { host: header } }));
    expect(host !== null && isAllowedHost(host.name, configured)).toBe(passes);
  });

  it('is refused when missing or sent twice', () => {
    expect(readHost(requestOf({ rawHeaders: [] }))).toBeNull();
    expect(readHost(requestOf({ rawHeaders: ['Host', 'localhost', 'host', 'evil.example'] }))).toBeNull();
  });

  it('is split into name and port', () => {
    expect(parseHost('Comfy.localhost:9000')).toEqual({ name: 'comfy.localhost', port: 9000 });
    expect(parseHost('[::1]')).toEqual({ name: '[::1]', port: null });
  });
});
