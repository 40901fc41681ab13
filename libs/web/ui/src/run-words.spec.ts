import { describe, expect, it } from 'vitest';
import { runOutcome } from './run-words';

describe('runOutcome', () => {
  it.each([
    [{ reason: 'exited', exit_code: 1, signal: null }, 'exit code 1'],
    [{ reason: 'exited', exit_code: null, signal: 'SIGKILL' }, 'killed by SIGKILL'],
    [{ reason: 'stopped', exit_code: null, signal: 'SIGTERM' }, 'stopped (killed by SIGTERM)'],
    [{ reason: 'lost', exit_code: null, signal: null }, 'lost with the machine'],
    [{ reason: 'exited', exit_code: null, signal: null }, 'ended'],
  ] as const)('%o → %s', (run, words) => expect(runOutcome(run)).toBe(words));
});
