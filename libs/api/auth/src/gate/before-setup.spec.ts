import { describe, expect, it } from 'vitest';
import { requestOf } from '../testing/request-of';
import { beforeSetup } from './before-setup';

/** method, path, passes from this machine, passes from another one */
const requests: [string, string, boolean, boolean][] = [
  ['GET', '/api/health', true, true],
  ['POST', '/api/setup', true, true],
  ['GET', '/setup', true, true],
  ['GET', '/setup?x=1', true, true],
  ['GET', '/main-ABC123.js', true, true],
  ['GET', '/media/roboto.woff2', true, true],
  ['GET', '/', true, false],
  ['GET', '/instances', true, false],
  ['POST', '/api/health', false, false],
  ['GET', '/api/setup', false, false],
  ['GET', '/api/auth/me', false, false],
  ['POST', '/api/auth/login', false, false],
  ['GET', '/API/instances', false, false],
  ['GET', '/api/x.js', false, false],
  ['GET', '/api', false, false],
  ['POST', '/', false, false],
  ['GET', '/instance/comfy/main.js', false, false],
  ['GET', '/socket.io/x.js', false, false],
];

describe('before the set-up', () => {
  it.each(requests)('%s %s: here %s, elsewhere %s', (method, url, here, elsewhere) => {
    const passes = (address: string) => beforeSetup(requestOf({ method, url, address }), { kind: 'console' }) === null;
    expect([passes('127.0.0.1'), passes('::ffff:127.0.0.1'), passes('192.168.1.9')]).toEqual([here, here, elsewhere]);
  });

  it('no upgrade and no app passes', () => {
    const upgrade = requestOf({ url: '/setup', headers: { upgrade: 'websocket' } });
    expect(beforeSetup(upgrade, { kind: 'console' })?.code).toBe('setup_required');
    expect(beforeSetup(requestOf(), { kind: 'app', instanceId: 1 })?.code).toBe('setup_required');
  });
});
