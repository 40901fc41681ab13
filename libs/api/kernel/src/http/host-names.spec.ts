import { describe, expect, it } from 'vitest';
import { bracketed, consoleOrigin, isLocalhost, isLoopback } from './host-names';

describe('isLoopback', () => {
  it.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost'])('%s is', (host) => expect(isLoopback(host)).toBe(true));
  it.each(['0.0.0.0', '::', '10.0.0.1', '127.evil.example', 'localhost.evil.example'])('%s is not', (host) =>
    expect(isLoopback(host)).toBe(false),
  );
});

describe('isLocalhost', () => {
  it.each(['localhost', '127.0.0.1', '::1', '[::1]'])('%s is', (host) => expect(isLocalhost(host)).toBe(true));
  it.each(['127.0.0.2', 'localhost.', 'x.localhost', '', '::'])('%s is not', (host) =>
    expect(isLocalhost(host)).toBe(false),
  );
});

describe('bracketed', () => {
  it.each([
    ['fe80::1', '[fe80::1]'],
    ['[::1]', '[::1]'],
    ['10.0.0.1', '10.0.0.1'],
  ])('%s: %s', (name, expected) => expect(bracketed(name)).toBe(expected));
});

describe('consoleOrigin', () => {
  it.each([
    ['127.0.0.1', 'http://localhost:9000'],
    ['::1', 'http://localhost:9000'],
    ['localhost', 'http://localhost:9000'],
    ['0.0.0.0', 'http://localhost:9000'],
    ['::', 'http://localhost:9000'],
    ['192.168.1.5', 'http://192.168.1.5:9000'],
    ['127.0.0.2', 'http://127.0.0.2:9000'],
    ['fd00::5', 'http://[fd00::5]:9000'],
    ['box.lan', 'http://box.lan:9000'],
  ])('a server on %s is opened at %s', (host, expected) => expect(consoleOrigin({ host }, 9000)).toBe(expected));
});
