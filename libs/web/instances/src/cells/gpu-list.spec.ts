import { describe, expect, it } from 'vitest';
import { gpuLabel, gpusIn, gpusOf, gpuTip, toggleGpu } from './gpu-list';

describe('GPU indexes', () => {
  it('are read from what stands there', () => {
    expect(gpusIn('0, 2')).toEqual([0, 2]);
    expect(gpusIn('')).toEqual([]);
    expect(gpusIn('x,1,')).toEqual([1]);
    expect(gpusOf([{ gpu_ids: '3,0' }, { gpu_ids: null }, { gpu_ids: '1' }])).toEqual([0, 1, 3]);
  });

  it('keep their order, and those that are not shown', () => {
    expect(toggleGpu('0,7', 1, '0,7')).toBe('0,1,7');
    expect(toggleGpu('2,0', 1, '2,0')).toBe('2,0,1');
    expect(toggleGpu('0,7', 0, '0,7')).toBe('7');
    expect(toggleGpu('7', 7, '7')).toBe('');
  });

  it('come back as they were after a step back', () => {
    for (const base of ['2,0', '0, 1', '', '1,0']) {
      const there = toggleGpu(base, 5, base);
      expect(toggleGpu(there, 5, base)).toBe(base);
      for (const index of gpusIn(base)) expect(toggleGpu(toggleGpu(base, index, base), index, base)).toBe(base);
    }
  });

  it('say who uses them', () => {
    expect(gpuLabel('')).toBe('all');
    expect(gpuLabel('0,2')).toBe('0, 2');
    const many = Array.from({ length: 6 }, (_, n) => ({ name: `n${n}`, gpu_ids: '1' }));
    expect(gpuTip(1, many)).toBe('GPU 1: n0, n1, n2, n3 and 2 more');
    expect(gpuTip(0, many)).toBe('GPU 0');
  });
});
