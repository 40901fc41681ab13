import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { WebSocket } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, printed, start, stop } from '../testing/diagnostics-app';

describe('The WebSocket of Diagnostics', () => {
  let app: App;
  beforeAll(async () => {
    app = await start();
    await printed(app, 'Diagnostics listens on');
  });
  afterAll(() => stop(app));

  const open = async (query = '') => {
    const socket = new WebSocket(`ws://127.0.0.1:${app.port}/ws${query}`);
    socket.binaryType = 'arraybuffer';
    const inbox: unknown[] = [];
    let wake = () => {};
    socket.addEventListener('message', ({ data }) => (inbox.push(data), wake()));
    socket.addEventListener('close', ({ code, reason }) => (inbox.push({ code, reason }), wake()));
    await new Promise<void>((opened, failed) => {
      socket.addEventListener('open', () => opened());
      socket.addEventListener('error', () => failed(new Error('refused')));
    });
    const next = async () => {
      while (inbox.length === 0) await new Promise<void>((resume) => (wake = resume));
      return inbox.shift();
    };
    return { socket, next };
  };

  it('echoes text and binary of every length class, and closes', async () => {
    const { socket, next } = await open();
    for (const text of ['', 'ä ✓ 😀', 'x'.repeat(125), 'x'.repeat(126), 'x'.repeat(65_536)]) {
      socket.send(text);
      expect(await next()).toBe(text);
    }
    const data = randomBytes(1_000_001);
    socket.send(data);
    expect(Buffer.from((await next()) as ArrayBuffer).equals(data)).toBe(true);
    socket.close(4000, 'bye');
    expect(await next()).toEqual({ code: 4000, reason: '' });
  });

  it('sends fragments, pings, and close codes on request', async () => {
    const pieces = await open('?mode=fragment');
    pieces.socket.send('one message in three frames');
    expect(await pieces.next()).toBe('one message in three frames');
    const ping = await open('?mode=ping');
    expect(await ping.next()).toBe('pong diagnostics');
    const close = await open('?mode=close&code=4321&reason=done');
    expect(await close.next()).toEqual({ code: 4321, reason: 'done' });
    for (const { socket, next } of [pieces, ping]) {
      socket.close();
      await next();
    }
  });

  /** A raw connection after the handshake: `send` takes [first byte, payload], masked by zeros. */
  const raw = async () => {
    const socket: Socket = connect(app.port, '127.0.0.1');
    socket.write(
      'GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    let received = Buffer.alloc(0);
    const headEnd = () => received.indexOf('\r\n\r\n');
    const more = async () => {
      const [data] = (await once(socket, 'data')) as [Buffer];
      received = Buffer.concat([received, data]);
    };
    while (headEnd() < 0) await more();
    expect(received.toString('latin1')).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    received = received.subarray(headEnd() + 4);
    const frame = (first: number, payload: string) =>
      Buffer.concat([Buffer.from([first, 0x80 | payload.length, 0, 0, 0, 0]), Buffer.from(payload, 'latin1')]);
    return {
      send: (...frames: [number, string][]) => socket.write(Buffer.concat(frames.map(([f, p]) => frame(f, p)))),
      write: (bytes: number[]) => socket.write(Buffer.from(bytes)),
      read: async (length: number) => {
        while (received.length < length) await more();
        const taken = received.subarray(0, length).toString('latin1');
        received = received.subarray(length);
        return taken;
      },
      end: () => socket.destroy(),
    };
  };

  it('puts fragments together around a ping, and answers ping and close', async () => {
    const peer = await raw();
    peer.send([0x01, 'ab'], [0x89, 'p'], [0x00, 'c'], [0x80, 'd'], [0x88, '\x0f\xa0bye']);
    expect(await peer.read(3 + 6 + 4)).toBe('\x8a\x01p\x81\x04abcd\x88\x02\x0f\xa0');
    peer.end();
  });

  it.each([
    ['an unmasked frame', [0x81, 0x01, 0x61], 1002],
    ['reserved bits', [0xc1, 0x80, 0, 0, 0, 0], 1002],
    ['an unknown opcode', [0x83, 0x80, 0, 0, 0, 0], 1002],
    ['a stray continuation', [0x80, 0x80, 0, 0, 0, 0], 1002],
    ['a new message inside another', [0x01, 0x80, 0, 0, 0, 0, 0x81, 0x80, 0, 0, 0, 0], 1002],
    ['a fragmented ping', [0x09, 0x80, 0, 0, 0, 0], 1002],
    ['text that is not UTF-8', [0x81, 0x81, 0, 0, 0, 0, 0xff], 1007],
    ['a message without end', [0x82, 0xff, 0, 0, 0xff, 0, 0, 0, 0, 0], 1009],
  ])('closes on %s', async (_, bytes, code) => {
    const peer = await raw();
    peer.write(bytes);
    const frame = Buffer.from(await peer.read(4), 'latin1');
    expect([frame[0], frame.readUInt16BE(2)]).toEqual([0x88, code]);
    peer.end();
  });

  it('asks for an upgrade where there is none', async () => {
    expect((await fetch(`${app.url}/ws`)).status).toBe(426);
  });
});
