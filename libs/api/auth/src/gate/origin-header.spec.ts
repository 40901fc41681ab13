import { describe, expect, it } from 'vitest';
import { foreignOrigins } from '../testing/foreign-origins';
import { judgeOrigin, originOf } from './origin-header';

const host = { name: 'localhost', port: 9000 };

describe('Origin', () => {
  it.each(foreignOrigins(9000))('%j is foreign to http://localhost:9000', (origin) => {
    expect(judgeOrigin(origin, host, false)).toBe('foreign');
  });

  it('passes when it is exactly the origin that was asked', () => {
    expect(judgeOrigin('http://localhost:9000', host, false)).toBe('own');
    expect(judgeOrigin('https://localhost:9000', host, true)).toBe('own');
    expect(judgeOrigin('http://[::1]:9000', { name: '[::1]', port: 9000 }, false)).toBe('own');
    expect(judgeOrigin(undefined, host, false)).toBe('absent');
  });

  it('has no default port', () => {
    expect(originOf({ name: 'gpu-box', port: 80 }, false)).toBe('http://gpu-box');
    expect(originOf({ name: 'gpu-box', port: null }, true)).toBe('https://gpu-box');
    expect(originOf({ name: 'gpu-box', port: 80 }, true)).toBe('https://gpu-box:80');
  });
});
