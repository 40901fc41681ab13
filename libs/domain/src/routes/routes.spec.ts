import { describe, expect, it } from 'vitest';
import { type AppRoute, isReachable } from './app-route';
import { matchRequest, routeTable } from './match-request';
import { planListeners } from './plan-listeners';

const route = (values: Partial<AppRoute>): AppRoute => ({
  instanceId: 1,
  slug: 'comfy',
  name: 'Comfy',
  status: 'started',
  progress: null,
  reason: null,
  appPort: 40001,
  publicPort: 19001,
  ...values,
});
const comfy = route({});
const forge = route({ instanceId: 2, slug: 'forge', publicPort: null });

describe('matchRequest', () => {
  const table = routeTable([comfy, forge]);
  const match = (host: string | null, path: string, port: number | null = null) =>
    matchRequest(host, path, port, table);

  it.each([
    ['localhost', '/', null, 'console'],
    ['127.0.0.1', '/api/instances', null, 'console'],
    ['server.lan', '/instances', null, 'console'],
    [null, '/', null, 'console'],
    ['localhost', '/instance', null, 'console'],
    ['comfy.localhost', '/', null, 'comfy'],
    ['comfy.localhost', '/instance/forge/', null, 'comfy'],
    ['comfy.localhost', '/api/instances', null, 'comfy'],
    ['nobody.localhost', '/', null, 'unknown'],
    ['a.comfy.localhost', '/', null, 'unknown'],
    ['.localhost', '/', null, 'unknown'],
    ['server.lan', '/', 19001, 'comfy'],
    ['forge.localhost', '/', 19001, 'comfy'],
    [null, '/', 19001, 'comfy'],
    ['localhost', '/', 19002, 'unknown'],
  ])('%s %s on %s is for %s', (host, path, port, expected) => {
    const result = match(host, path, port);
    expect(result.kind === 'app' ? result.route.slug : result.kind).toBe(expected);
  });

  it.each([
    ['/instance/forge', ''],
    ['/instance/forge/', '/'],
    ['/instance/forge/a/b?c=/d', '/a/b?c=/d'],
    ['/instance/forge?x=1', '?x=1'],
  ])('takes the prefix off %s', (path, rest) => {
    expect(match('localhost', path)).toEqual({ kind: 'path', route: forge, prefix: '/instance/forge', rest });
  });

  it.each(['/instance/', '/instance//x', '/instance/nobody/', '/instance/forge%2f', '/instance/../api/x'])(
    'knows no app at %s',
    (path) => expect(match('localhost', path).kind).toBe('unknown'),
  );
});

describe('planListeners', () => {
  it.each<[string, [number, number][], AppRoute[], { open: [number, number][]; close: number[]; keep: number[] }]>([
    ['nothing', [], [], { open: [], close: [], keep: [] }],
    ['a first lease', [], [comfy, forge], { open: [[19001, 1]], close: [], keep: [] }],
    ['no change', [[19001, 1]], [comfy], { open: [], close: [], keep: [19001] }],
    ['a lease given back', [[19001, 1]], [forge], { open: [], close: [19001], keep: [] }],
    [
      'a port that moved',
      [[19001, 1]],
      [route({ publicPort: 19005 })],
      { open: [[19005, 1]], close: [19001], keep: [] },
    ],
    [
      'a port with a new owner',
      [[19001, 1]],
      [route({ instanceId: 2 })],
      { open: [[19001, 2]], close: [19001], keep: [] },
    ],
    ['two claims', [], [comfy, route({ instanceId: 2 })], { open: [[19001, 1]], close: [], keep: [] }],
  ])('%s', (_, current, desired, expected) => {
    const plan = planListeners(new Map(current), desired);
    expect({ ...plan, open: [...plan.open] }).toEqual(expected);
  });
});

describe('isReachable', () => {
  it.each([
    ['started', true],
    ['starting', true],
    ['stalled', true],
    ['installing', false],
    ['stopping', false],
    ['stopped', false],
    ['error', false],
  ] as const)('%s: %s', (status, expected) => expect(isReachable(route({ status }))).toBe(expected));

  it('needs a port', () => expect(isReachable(route({ appPort: null }))).toBe(false));
});
