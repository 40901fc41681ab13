import { describe, expect, it } from 'vitest';
import { addressesOf } from './addresses';

const comfy = { slug: 'comfy', port: 19001, path: '/instance/comfy/' };

describe('the addresses of an app', () => {
  it.each([
    ['http://localhost:9000', 19001, ['http://comfy.localhost:9000', 'http://localhost:19001']],
    ['http://127.0.0.1:9000', null, ['http://comfy.localhost:9000']],
    ['http://localhost', null, ['http://comfy.localhost']],
    ['http://gpu.lan:9000', 19001, ['http://gpu.lan:19001']],
    ['https://gpu.lan', null, ['https://gpu.lan/instance/comfy/']],
  ])('console at %s, pool port %s', (console, port, expected) => {
    expect(addressesOf({ ...comfy, port }, new URL(console))).toEqual(expected);
  });
});
