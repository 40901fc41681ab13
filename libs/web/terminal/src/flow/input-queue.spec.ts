import { terminalFlow } from '@aikore/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { InputQueue, maxWaiting } from './input-queue';

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (data: Uint8Array) => new TextDecoder().decode(data);
const settle = async () => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};

/** A server that answers when the test says so. */
class Server {
  readonly got: Uint8Array[] = [];
  private readonly open: { resolve: () => void; reject: (error: Error) => void }[] = [];

  send = (data: Uint8Array): Promise<void> => {
    this.got.push(data.slice());
    return new Promise((resolve, reject) => this.open.push({ resolve, reject }));
  };
  get unanswered(): number {
    return this.open.length;
  }
  async answer(): Promise<void> {
    this.open.shift()?.resolve();
    await settle();
  }
  async refuse(): Promise<void> {
    this.open.shift()?.reject(new Error('gone'));
    await settle();
  }
}

describe('InputQueue', () => {
  let server: Server;
  let waiting: number;
  let problems: unknown[];
  let queue: InputQueue;

  beforeEach(() => {
    server = new Server();
    waiting = 0;
    problems = [];
    queue = new InputQueue(server.send, {
      waiting: (bytes) => (waiting = bytes),
      failed: (error) => problems.push(error),
    });
  });

  it('sends what is typed at once, without waiting for the answer', () => {
    for (const key of 'ls\r') queue.push(encode(key));
    expect(server.got.map(decode)).toEqual(['l', 's', '\r']);
    expect(waiting).toBe(3);
  });

  it('sends what was typed while there was no room together, in order', async () => {
    for (let i = 0; i < 20; i++) queue.push(encode(String.fromCharCode(97 + i)));
    expect(server.got).toHaveLength(16);
    await server.answer();
    expect(server.got.map(decode).join('')).toBe('abcdefghijklmnopqrst');
    expect(decode(server.got[16] ?? encode(''))).toBe('qrst');
  });

  it('sends a paste of 10 MB in pieces of 64 KiB, never more than one ahead of the answers, whole', async () => {
    const paste = new Uint8Array(10 * 1024 * 1024).map((_, index) => (index * 7) % 251);
    expect(queue.push(paste)).toBe(true);
    let most = 0;
    while (server.unanswered > 0) {
      most = Math.max(most, server.unanswered);
      await server.answer();
    }
    expect(most).toBe(1);
    expect(server.got.every(({ byteLength }) => byteLength <= terminalFlow.input)).toBe(true);
    expect(server.got).toHaveLength(160);
    const all = new Uint8Array(paste.byteLength);
    server.got.reduce((at, piece) => (all.set(piece, at), at + piece.byteLength), 0);
    // Not `toEqual`: it takes minutes for so many.
    expect(all.findIndex((byte, index) => byte !== paste[index])).toBe(-1);
    expect(waiting).toBe(0);
  });

  it('keeps the order of a paste and of what is typed behind it', async () => {
    queue.push(encode('x'.repeat(terminalFlow.input + 10)));
    queue.push(encode('!'));
    await server.answer();
    expect(decode(server.got[1] ?? encode(''))).toBe(`${'x'.repeat(10)}!`);
  });

  it('refuses what is too much, as a whole', () => {
    expect(queue.push(new Uint8Array(maxWaiting + 1))).toBe(false);
    expect(server.got).toEqual([]);
  });

  it('drops the rest of a paste when asked', async () => {
    queue.push(new Uint8Array(terminalFlow.input * 3));
    expect(queue.drop()).toBe(terminalFlow.input * 2);
    await server.answer();
    expect([server.got.length, waiting]).toEqual([1, 0]);
  });

  it('drops the rest when the server refuses, says so, and takes new input', async () => {
    queue.push(new Uint8Array(terminalFlow.input * 3));
    await server.refuse();
    expect([server.got.length, problems.length, waiting]).toEqual([1, 1, 0]);
    queue.push(encode('a'));
    expect(server.got).toHaveLength(2);
  });

  it('is silent once it was stopped', async () => {
    queue.push(new Uint8Array(terminalFlow.input * 2));
    queue.stop();
    await server.refuse();
    expect(queue.push(encode('a'))).toBe(false);
    expect([server.got.length, problems.length]).toEqual([1, 0]);
  });
});
