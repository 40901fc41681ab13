import { describe, expect, it } from 'vitest';
import { decideRestart, describeEnd, type FailureSeries, noFailures, type RunEnd } from './restart-policy';

const end = (code: number | null, signal: string | null = null): RunEnd => ({ code, signal, lost: null });

function delays(lastedMs: number, count: number): (number | 'gave up')[] {
  const result: (number | 'gave up')[] = [];
  let series: FailureSeries = noFailures;
  for (let i = 0; i < count; i++) {
    const decision = decideRestart('on-failure', end(1), lastedMs, series);
    result.push(decision.retry ? decision.delayMs / 1000 : 'gave up');
    series = decision.series;
    if (!decision.retry) break;
  }
  return result;
}

describe('restart policy', () => {
  it('backs off 1, 2, 4 … 60 s', () => {
    expect(delays(20_000, 9)).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it('gives up at the fifth fast failure', () => {
    expect(delays(500, 9)).toEqual([1, 2, 4, 8, 'gave up']);
  });

  it('begins anew after a healthy run', () => {
    expect(delays(10 * 60_000, 4)).toEqual([1, 1, 1, 1]);
  });

  it('brings back only what the policy says', () => {
    expect(decideRestart('never', end(1), 0, noFailures).retry).toBe(false);
    expect(decideRestart('on-failure', end(0), 0, noFailures).retry).toBe(false);
    expect(decideRestart('on-failure', end(null, 'SIGSEGV'), 0, noFailures).retry).toBe(true);
    expect(decideRestart('always', end(0), 20_000, noFailures).retry).toBe(true);
    expect(decideRestart('always', { code: null, signal: null, lost: 'reboot' }, 0, noFailures).retry).toBe(false);
  });

  it('tells an end in words', () => {
    expect(describeEnd(end(3))).toBe('ended with exit code 3');
    expect(describeEnd(end(null, 'SIGKILL'))).toBe('was ended by SIGKILL');
    expect(describeEnd({ code: null, signal: null, lost: 'killed' })).toContain('launcher');
    expect(describeEnd(end(139))).toContain('SIGSEGV');
  });
});
