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
  const match = (host: string | null, path: string) => matchRequest(host, path, table);

  it.each([
    ['localhost', '/', 'console'],
    ['127.0.0.1', '/api/instances', 'console'],
    ['server.lan', '/instances', 'console'],
    [null, '/', 'console'],
    ['localhost', '/instance', 'console'],
    ['comfy.localhost', '/', 'comfy'],
    ['comfy.localhost', '/instance/forge/', 'comfy'],
    ['comfy.localhost', '/api/instances', 'comfy'],
    ['nobody.localhost', '/', undefined],
    ['a.comfy.localhost', '/', undefined],
    ['.localhost', '/', undefined],
  ])('%s %s is for %s', (host, path, expected) => {
    const result = match(host, path);
    expect(result.kind === 'app' ? result.route?.slug : result.kind).toBe(expected);
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
    (path) => expect(match('localhost', path)).toMatchObject({ kind: 'path', route: null }),
  );
});

describe('planListeners', () => {
  it.each<[string, [number, number][], AppRoute[], { open: [number, number][]; close: number[] }]>([
    ['nothing', [], [], { open: [], close: [] }],
    ['a first lease', [], [comfy, forge], { open: [[19001, 1]], close: [] }],
    ['no change', [[19001, 1]], [comfy], { open: [], close: [] }],
    ['a lease given back', [[19001, 1]], [forge], { open: [], close: [19001] }],
    ['a port that moved', [[19001, 1]], [route({ publicPort: 19005 })], { open: [[19005, 1]], close: [19001] }],
    ['a port with a new owner', [[19001, 1]], [route({ instanceId: 2 })], { open: [[19001, 2]], close: [19001] }],
    ['two claims', [], [comfy, route({ instanceId: 2 })], { open: [[19001, 1]], close: [] }],
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
