import type { Channel } from './channel';
import { ApiError } from './api-error';

/** A refused join is tried again, later each time: from and up to, in ms. */
const retryFromMs = 1_000;
const retryUpToMs = 30_000;

/**
 * Joins at every connect, and again after a refusal for as long as the connection stands. The next connect asks anyway,
 * so a lost one is no reason to.
 *
 * @param join rejects when it did not work
 * @returns stops it
 */
export function keepJoined(channel: Pick<Channel, 'connected' | 'onConnect'>, join: () => Promise<void>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let connects = 0;
  const attempt = async (connect: number, delay: number): Promise<void> => {
    try {
      await join();
    } catch (error) {
      const lost = !channel.connected || (error instanceof ApiError && error.unreachable);
      if (lost || connect !== connects) return;
      timer = setTimeout(() => void attempt(connect, Math.min(retryUpToMs, delay * 2)), delay);
    }
  };
  const off = channel.onConnect(() => {
    clearTimeout(timer);
    connects += 1;
    void attempt(connects, retryFromMs);
  });
  return () => {
    off();
    clearTimeout(timer);
    connects += 1;
  };
}
