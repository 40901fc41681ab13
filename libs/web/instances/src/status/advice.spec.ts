import type { Instance } from '@aikore/contract';
import { describe, expect, it } from 'vitest';
import { adviceFor } from './advice';

const make = (more: Partial<Instance>) =>
  ({ status: 'started', status_reason: null, needs_restart: false, allowedActions: [], ...more }) as Instance;

describe('adviceFor', () => {
  it('says nothing when nothing is needed', () => expect(adviceFor(make({}))).toBeNull());

  it('offers only what is allowed, and always the log', () => {
    const advice = adviceFor(make({ status: 'error', allowedActions: ['start', 'delete'] }));
    expect(advice?.actions.map(({ action }) => action)).toEqual(['logs', 'start']);
  });

  it('names the way out of a known reason', () => {
    const reason = { code: 'port_unavailable', message: 'Port 19001 is held by nginx (12).' } as const;
    expect(adviceFor(make({ status: 'error', status_reason: reason }))?.text).toContain('another port');
  });

  it('keeps down by Stop what its policy would start again', () => {
    const reason = { code: 'restarting', message: 'It ended with exit code 1.' } as const;
    const advice = adviceFor(make({ status: 'error', status_reason: reason, allowedActions: ['start', 'stop'] }));
    expect(advice?.actions.map(({ action }) => action)).toEqual(['logs', 'start', 'stop']);
    expect(advice?.text).toContain('by itself');
  });

  it('reminds of a restart that is due', () => {
    const advice = adviceFor(make({ needs_restart: true, allowedActions: ['restart'] }));
    expect(advice?.actions[0]?.action).toBe('restart');
  });
});
