import { describe, expect, it } from 'vitest';
import { framingOf } from './framing';

const embedder = 'http://localhost:9000';
const byCsp = (...contentSecurityPolicy: string[]) => framingOf({ xFrameOptions: [], contentSecurityPolicy }, embedder);
const byOption = (...xFrameOptions: string[]) => framingOf({ xFrameOptions, contentSecurityPolicy: [] }, embedder);

describe('whether an app may stand in a frame', () => {
  it('is allowed when it says nothing about it', () => {
    expect(byCsp()).toBe('allowed');
    expect(byCsp("default-src 'self'; script-src 'none'")).toBe('allowed');
  });

  it.each([['DENY'], ['sameorigin'], [' SAMEORIGIN , SAMEORIGIN']])('is refused by X-Frame-Options: %s', (value) =>
    expect(byOption(value)).toBe('refused'),
  );

  it('takes no notice of what browsers ignore', () => {
    expect(byOption('ALLOW-FROM http://elsewhere')).toBe('allowed');
    expect(byOption('nonsense')).toBe('allowed');
  });

  it.each([
    ['*', 'allowed'],
    ['http:', 'allowed'],
    ['http://localhost:9000', 'allowed'],
    ['HTTP://LOCALHOST:9000/', 'allowed'],
    ['localhost:*', 'allowed'],
    ["'self' http://a.example http://*:9000", 'allowed'],
    ["'none'", 'refused'],
    ["'self'", 'refused'],
    ['', 'refused'],
    ['http://localhost', 'refused'],
    ['https://localhost:9000', 'refused'],
    ['http://*.localhost:9000', 'refused'],
    ['http://evil.example:9000', 'refused'],
  ])('reads frame-ancestors %s as %s', (sources, verdict) =>
    expect(byCsp(`default-src *; frame-ancestors ${sources}`)).toBe(verdict),
  );

  it('needs every policy to allow it', () => {
    expect(byCsp('frame-ancestors *', "frame-ancestors 'none'")).toBe('refused');
    expect(byCsp("frame-ancestors *, frame-ancestors 'self'")).toBe('refused');
  });

  it('looks at the policy before the older header', () =>
    expect(framingOf({ xFrameOptions: ['DENY'], contentSecurityPolicy: ['frame-ancestors *'] }, embedder)).toBe(
      'allowed',
    ));

  it('lets https stand where http is asked for, and knows the usual ports', () => {
    const secure = (sources: string) =>
      framingOf({ xFrameOptions: [], contentSecurityPolicy: [`frame-ancestors ${sources}`] }, 'https://gpu.lan');
    expect(secure('http:')).toBe('allowed');
    expect(secure('gpu.lan')).toBe('allowed');
    expect(secure('*.lan:443')).toBe('allowed');
    expect(secure('gpu.lan:8443')).toBe('refused');
  });
});
