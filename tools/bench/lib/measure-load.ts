import type { Dispatcher } from 'undici';
import { percentile } from './stats';

export interface Load {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly perSecond: number;
}

/**
 * Ask for `path` over and over, `connections` at a time, each as soon as its last answer is there.
 *
 * @param until milliseconds, or a promise at whose end to stop
 * @throws when an answer is not 200
 */
export async function measureLoad(
  pool: Dispatcher,
  path: string,
  headers: Record<string, string>,
  connections: number,
  until: number | Promise<unknown>,
): Promise<Load> {
  const latencies: number[] = [];
  let over = false;
  const end = typeof until === 'number' ? new Promise((resolve) => setTimeout(resolve, until)) : until;
  const began = performance.now();
  const ending = end.finally(() => (over = true));
  const worker = async (): Promise<void> => {
    while (!over) {
      const sent = performance.now();
      const answer = await pool.request({ path, method: 'GET', headers });
      await answer.body.dump({ limit: Number.MAX_SAFE_INTEGER });
      if (answer.statusCode !== 200) throw new Error(`${path} answered ${answer.statusCode}`);
      latencies.push(performance.now() - sent);
    }
  };
  await Promise.all([ending, ...Array.from({ length: connections }, worker)]);
  const seconds = (performance.now() - began) / 1000;
  return {
    p50: percentile(latencies, 0.5),
    p95: percentile(latencies, 0.95),
    p99: percentile(latencies, 0.99),
    perSecond: latencies.length / seconds,
  };
}
