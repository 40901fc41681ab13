import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { hostCount, isSecure, protocolOf, remoteAddress } from './request-facts';

const from = (socket: object, rawHeaders: string[] = []): IncomingMessage =>
  ({ socket, rawHeaders }) as unknown as IncomingMessage;

describe('facts of a request', () => {
  it.each([
    ['::ffff:10.0.0.7', '10.0.0.7'],
    ['::FFFF:10.0.0.7', '10.0.0.7'],
    ['::1', '::1'],
    ['::ffff:1', '::ffff:1'],
    [undefined, ''],
  ])('the peer %s is %s', (remote, expected) => expect(remoteAddress(from({ remoteAddress: remote }))).toBe(expected));

  it('the connection is encrypted or not', () => {
    expect([isSecure(from({})), protocolOf(from({}))]).toEqual([false, 'http']);
    expect([isSecure(from({ encrypted: true })), protocolOf(from({ encrypted: true }))]).toEqual([true, 'https']);
  });

  it('every Host header counts, however it is spelled; values do not', () => {
    expect(hostCount(from({}, ['Host', 'a', 'X', 'host', 'hOST', 'b']))).toBe(2);
    expect(hostCount(from({}, ['X-Host', 'a']))).toBe(0);
  });
});
