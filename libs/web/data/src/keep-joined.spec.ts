import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, unreachable } from './api-error';
import { keepJoined } from './keep-joined';

const busy = () => new ApiError({ code: 'rate_limited', message: 'Too many.' });

describe('keepJoined', () => {
  let joins: number;
  let failures: Error[];
  let stop: () => void;
  const channel = {
    connected: true,
    connect: (): void => undefined,
    onConnect(handler: () => void) {
      this.connect = handler;
      handler();
      return () => (this.connect = () => undefined);
    },
  };

  beforeEach(async () => {
    vi.useFakeTimers();
    Object.assign(channel, { connected: true });
    [joins, failures] = [0, []];
    stop = keepJoined(channel, async () => {
      joins++;
      const failure = failures.shift();
      if (failure) throw failure;
    });
    await vi.advanceTimersByTimeAsync(0);
  });
  afterEach(() => {
    stop();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  const reconnect = async (...wrong: Error[]) => {
    [joins, failures] = [0, wrong];
    channel.connect();
    await vi.advanceTimersByTimeAsync(0);
  };

  it('joins once per connect when all is well', async () => {
    expect(joins).toBe(1);
    await reconnect();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(joins).toBe(1);
  });

  it('tries again, later each time, while the connection stands', async () => {
    await reconnect(busy(), busy(), busy());
    await vi.advanceTimersByTimeAsync(999);
    expect(joins).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(joins).toBe(2);
    await vi.advanceTimersByTimeAsync(1_999);
    expect(joins).toBe(2);
    await vi.advanceTimersByTimeAsync(4_001);
    expect(joins).toBe(4);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(joins).toBe(4);
  });

  it('leaves it to the next connect when the connection is lost', async () => {
    await reconnect(unreachable());
    await vi.advanceTimersByTimeAsync(100_000);
    expect(joins).toBe(1);
    channel.connected = false;
    await reconnect(busy());
    await vi.advanceTimersByTimeAsync(100_000);
    expect(joins).toBe(1);
  });

  it('forgets what an earlier connection was to try again', async () => {
    await reconnect(busy());
    await reconnect();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(joins).toBe(1);
  });
});
