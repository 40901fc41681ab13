import type { RestartPolicy } from '@aikore/contract';

/** How a run ended. `code` is null when a signal ended it, or when nobody could see how. */
export interface RunEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** `reboot`: the machine or container restarted under it; `killed`: killed together with its launcher. */
  readonly lost: 'reboot' | 'killed' | null;
}

/** A run that ends sooner than this has failed fast. */
export const fastFailureMs = 10_000;
/** A run that lasted this long ends a series of failures. */
export const healthyMs = 5 * 60_000;
/** After this many fast failures in a row the policy gives up. */
export const fastFailuresAllowed = 5;
const longestDelayMs = 60_000;

/** The failures of an instance since the last healthy run or start by a person. */
export interface FailureSeries {
  /** Restarts in a row: the exponent of the backoff. */
  readonly restarts: number;
  /** Fast failures in a row. */
  readonly fast: number;
}

export const noFailures: FailureSeries = { restarts: 0, fast: 0 };

/** Nothing is to be brought back, and nothing failed. */
export const noRestart: RestartDecision = { retry: false, gaveUp: false, series: noFailures };

export type RestartDecision =
  { retry: true; delayMs: number; series: FailureSeries } | { retry: false; gaveUp: boolean; series: FailureSeries };

/**
 * Whether the policy brings an ended app back, and after how long: 1, 2, 4 … 60 s.
 *
 * @param lastedMs how long the run lasted
 */
export function decideRestart(
  policy: RestartPolicy,
  end: RunEnd,
  lastedMs: number,
  before: FailureSeries,
): RestartDecision {
  const wanted = policy === 'always' || (policy === 'on-failure' && end.code !== 0);
  if (!wanted || end.lost === 'reboot') return { retry: false, gaveUp: false, series: noFailures };
  const series = lastedMs >= healthyMs ? noFailures : before;
  const fast = lastedMs < fastFailureMs ? series.fast + 1 : 0;
  if (fast >= fastFailuresAllowed) return { retry: false, gaveUp: true, series: noFailures };
  const delayMs = Math.min(longestDelayMs, 1000 * 2 ** series.restarts);
  return { retry: true, delayMs, series: { restarts: series.restarts + 1, fast } };
}

/** How an end reads to a person: `ended with exit code 3`, `was ended by SIGKILL`. */
export function describeEnd(end: RunEnd): string {
  if (end.lost === 'reboot') return 'ended when the machine or container restarted';
  if (end.lost === 'killed') return 'was killed together with its launcher, often for want of memory';
  if (end.signal) return `was ended by ${end.signal}`;
  const inner = end.code !== null && end.code > 128 ? signalNames[end.code - 128] : undefined;
  return `ended with exit code ${end.code ?? 'unknown'}${inner ? ` (a program in it was ended by ${inner})` : ''}`;
}

/** Ended by KILL, itself or a program in it: who sends that unasked is most often the kernel, for want of memory. */
export const wasKilled = ({ code, signal, lost }: RunEnd): boolean =>
  lost === 'killed' || signal === 'SIGKILL' || code === 128 + 9;

/** Linux signal numbers (signal(7)); a shell reports a program's death by signal n as exit code 128 + n. */
const signalNames: Record<number, string> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL, often for want of memory',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
};
