import { describe, expect, it } from 'vitest';
import { progressShare, statusLabel } from './status-words';

const progress = { phase: 'install', step: 3, steps: 6, text: 'torch' } as const;

describe('status words', () => {
  it('tells the step while installing', () => {
    expect(statusLabel('installing', progress)).toBe('Installing 3/6');
    expect(statusLabel('installing', null)).toBe('Installing');
    expect(statusLabel('started', progress)).toBe('Started');
  });

  it('gives a share only where steps are known', () => {
    expect(progressShare('installing', progress)).toBeCloseTo(0.333, 2);
    expect(progressShare('installing', { ...progress, steps: 0 })).toBeNull();
    expect(progressShare('error', progress)).toBeNull();
  });
});
