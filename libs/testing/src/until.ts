import { setTimeout as delay } from 'node:timers/promises';

/**
 * Ask again and again until the answer is neither `false`, `null` nor `undefined`.
 *
 * @param what the condition as words, for the error
 * @param ms   deadline
 * @returns the answer
 */
export async function until<T>(
  ask: () => T | Promise<T>,
  what: string,
  ms = 15_000,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer !== false && answer !== null && answer !== undefined) {
      return answer as Exclude<T, false | null | undefined>;
    }
    if (performance.now() > deadline) throw new Error(`Waited ${ms} ms in vain: ${what}`);
    await delay(15);
  }
}

/** Run something and say how long it took, in milliseconds. */
export async function timed<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const started = performance.now();
  const result = await work();
  return { result, ms: performance.now() - started };
}
