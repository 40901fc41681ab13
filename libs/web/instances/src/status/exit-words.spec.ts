import type { Instance } from '@aikore/contract';
import { describe, expect, it } from 'vitest';
import { explainExit } from './exit-words';

const died = (exit_code: number | null, signal: string | null, memory?: 'counted' | 'likely') =>
  explainExit({
    status: 'error',
    status_reason: { code: 'exited', message: 'x', memory },
    run: { ended_at: '2026-01-01T00:00:00Z', reason: 'exited', exit_code, signal } as Instance['run'],
  });

describe('why it died', () => {
  it('explains signals, also those that a shell reports as an exit code', () => {
    expect(died(null, 'SIGSEGV')).toContain('native code');
    expect(died(139, null)).toContain('native code');
    expect(died(127, null)).toContain('not found');
    expect(died(3, null)).toBe('');
  });

  it('says whether memory was the reason, or likely was', () => {
    expect(died(null, 'SIGKILL', 'counted')).toContain('Memory ran out');
    expect(died(137, null, 'likely')).toContain('most often memory');
  });

  it('says nothing of what runs, or never ran', () => {
    expect(explainExit({ status: 'started', status_reason: null, run: null })).toBe('');
    expect(explainExit({ status: 'error', status_reason: null, run: null })).toBe('');
  });
});
