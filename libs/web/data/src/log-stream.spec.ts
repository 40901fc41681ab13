import { sockets, type Run } from '@aikore/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, unreachable } from './api-error';
import type { Channel } from './channel';
import { LogStream, type LogListener } from './log-stream';

const encode = (text: string) => new TextEncoder().encode(text);
const run = (id: string) => ({ id, instance_id: 1, log_start: 0, log_size: 0 }) as Run;

/** A server with one log per run, and a connection that can be lost. */
class FakeChannel {
  readonly sent: { name: string; payload: Record<string, unknown> }[] = [];
  runs = new Map<string, string>([['r1', '']]);
  newest = 'r1';
  /** What becomes of the next joins, before one is answered. */
  failures: Error[] = [];
  private readonly handlers = new Map<string, (data: never) => void>();
  private connected: (() => void)[] = [];
  private subscription = '';

  request = async (request: { name: string }, payload: Record<string, unknown>) => {
    this.sent.push({ name: request.name, payload });
    if (request.name !== sockets.logs.requests.join.name) return {};
    const failure = this.failures.shift();
    if (failure) throw failure;
    this.subscription = String(payload['subscription']);
    const id = String(payload['run'] ?? this.newest);
    if (!this.runs.has(id)) throw new ApiError({ code: 'not_found', message: 'no such run' });
    return { run: run(id), offset: Number(payload['from'] ?? 0) };
  };
  notify = (request: { name: string }, payload: Record<string, unknown>) => {
    this.sent.push({ name: request.name, payload });
  };
  on = (message: { name: string }, handler: (data: never) => void) => {
    this.handlers.set(message.name, handler);
    return () => this.handlers.delete(message.name);
  };
  onConnect = (handler: () => void) => {
    this.connected.push(handler);
    handler();
    return () => (this.connected = []);
  };

  emit(name: string, data: object): void {
    this.handlers.get(name)?.({ subscription: this.subscription, ...data } as never);
  }
  chunk(id: string, offset: number, text: string): void {
    this.emit('log:chunk', { run: id, offset, data: encode(text) });
  }
  async reconnect(): Promise<void> {
    for (const handler of this.connected) handler();
    await settle();
  }
  joins() {
    return this.sent.filter(({ name }) => name === 'log:join').map(({ payload }) => payload);
  }
}

const settle = async () => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};

class Recorder implements LogListener {
  seen: string[] = [];
  begin = (shown: Run, offset: number) => void this.seen.push(`begin ${shown.id}@${offset}`);
  idle = () => void this.seen.push('idle');
  bytes = (data: Uint8Array, offset: number) => void this.seen.push(`${offset}:${new TextDecoder().decode(data)}`);
  gap = (from: number, to: number, reason: string) => void this.seen.push(`gap ${from}-${to} ${reason}`);
  end = (shown: Run) => void this.seen.push(`end ${shown.id}`);
  failed = (error: unknown) => void this.seen.push(`failed ${String(error)}`);
}

describe('LogStream', () => {
  let channel: FakeChannel;
  let log: Recorder;
  let stream: LogStream;

  beforeEach(async () => {
    vi.useFakeTimers();
    channel = new FakeChannel();
    channel.runs.set('r1', 'abcdef');
    log = new Recorder();
    stream = new LogStream(channel as unknown as Channel, { instanceId: 1, run: null, tail: 100 }, log);
    await settle();
  });
  afterEach(() => {
    stream.close();
    vi.useRealTimers();
  });

  it('passes bytes on with their offsets, and acknowledges them', () => {
    channel.chunk('r1', 0, 'abc');
    channel.chunk('r1', 3, 'def');
    expect(log.seen).toEqual(['begin r1@0', '0:abc', '3:def']);
    vi.advanceTimersByTime(60);
    expect(channel.sent.filter(({ name }) => name === 'log:ack').map(({ payload }) => payload['offset'])).toEqual([6]);
  });

  it('goes on behind the last byte after a lost connection, without loss or doubles', async () => {
    channel.chunk('r1', 0, 'abc');
    await channel.reconnect();
    expect(channel.joins()[1]).toMatchObject({ run: 'r1', from: 3, follow: true });
    channel.chunk('r1', 2, 'cde');
    expect(log.seen).toEqual(['begin r1@0', '0:abc', '3:de']);
  });

  it('misses no run that began while the connection was lost', async () => {
    channel.chunk('r1', 0, 'abc');
    channel.runs.set('r2', 'xy');
    channel.newest = 'r2';
    await channel.reconnect();
    channel.chunk('r1', 3, 'def');
    channel.emit('log:end', { run: run('r1') });
    channel.emit('log:run', { run: run('r2') });
    channel.chunk('r2', 0, 'xy');
    expect(log.seen).toEqual(['begin r1@0', '0:abc', '3:def', 'end r1', 'begin r2@0', '0:xy']);
    await channel.reconnect();
    expect(channel.joins()[2]).toMatchObject({ run: 'r2', from: 2, follow: true });
  });

  it('watches a run that was chosen, and no later one, after a lost connection too', async () => {
    stream.close();
    stream = new LogStream(channel as unknown as Channel, { instanceId: 1, run: 'r1', tail: 100 }, log);
    await settle();
    await channel.reconnect();
    expect(channel.joins().slice(1)).toMatchObject([
      { run: 'r1', tail: 100 },
      { run: 'r1', from: 0, follow: false },
    ]);
  });

  it('keeps its place, and asks once, when the connection is lost again and again', async () => {
    channel.chunk('r1', 0, 'abc');
    channel.failures = [unreachable(), unreachable()];
    for (let round = 0; round < 3; round++) await channel.reconnect();
    expect(channel.joins().slice(1)).toMatchObject([{ from: 3 }, { from: 3 }, { from: 3 }]);
    channel.chunk('r1', 3, 'def');
    expect(log.seen).toEqual(['begin r1@0', '0:abc', '3:def']);
  });

  it('says nothing when the connection is lost before the first answer', async () => {
    stream.close();
    channel.failures = [unreachable()];
    const other = new Recorder();
    stream = new LogStream(channel as unknown as Channel, { instanceId: 1, run: null, tail: 100 }, other);
    await settle();
    expect(other.seen).toEqual([]);
    await channel.reconnect();
    expect(other.seen).toEqual(['begin r1@0']);
  });

  it('begins anew when its run is gone', async () => {
    channel.chunk('r1', 0, 'abcdef');
    channel.runs = new Map([['r2', 'xy']]);
    channel.newest = 'r2';
    await channel.reconnect();
    expect(log.seen.slice(2)).toEqual(['begin r2@0']);
  });

  it('tells of a refusal, and begins anew at the next connect', async () => {
    channel.failures = [new ApiError({ code: 'rate_limited', message: 'Too many.' })];
    await channel.reconnect();
    await channel.reconnect();
    expect(log.seen).toEqual(['begin r1@0', 'failed ApiError: Too many.', 'begin r1@0']);
  });

  it('follows the next run, and tells the end of one', () => {
    channel.emit('log:end', { run: run('r1') });
    channel.emit('log:run', { run: run('r2') });
    channel.chunk('r2', 0, 'new');
    expect(log.seen).toEqual(['begin r1@0', 'end r1', 'begin r2@0', '0:new']);
  });

  it('names what was left out', () => {
    channel.emit('log:gap', { run: 'r1', from: 0, to: 4, reason: 'slow' });
    channel.chunk('r1', 6, 'gh');
    expect(log.seen).toEqual(['begin r1@0', 'gap 0-4 slow', 'gap 4-6 lost', '6:gh']);
  });

  it('hears nothing of other subscriptions, and nothing after it was closed', () => {
    channel.emit('log:chunk', { subscription: 'other', run: 'r1', offset: 0, data: encode('no') });
    stream.close();
    channel.chunk('r1', 0, 'no');
    expect(log.seen).toEqual(['begin r1@0']);
    expect(channel.sent.at(-1)?.name).toBe('log:leave');
  });
});
