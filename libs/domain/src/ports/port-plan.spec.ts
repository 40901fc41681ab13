import { describe, expect, it } from 'vitest';
import { planPort } from './port-plan';

const range = { from: 101, to: 103 };
const plan = (current: number | null, leased: number[] = [], occupied: number[] = []) =>
  planPort(range, current, new Set(leased), new Set(occupied));

describe('planPort', () => {
  it('keeps a good lease', () => expect(plan(102)).toEqual({ kind: 'keep', port: 102 }));
  it('leases the lowest free port when there is none', () => {
    expect(plan(null, [101])).toEqual({ kind: 'lease', port: 102, because: 'missing' });
  });
  it('heals a port out of range, doubled, or held by a stranger', () => {
    expect(plan(9)).toEqual({ kind: 'lease', port: 101, because: 'out-of-range' });
    expect(plan(101, [101])).toEqual({ kind: 'lease', port: 102, because: 'doubled' });
    expect(plan(101, [], [101])).toEqual({ kind: 'lease', port: 102, because: 'occupied' });
  });
  it('says when nothing is free', () => expect(plan(null, [101, 102], [103])).toEqual({ kind: 'none' }));
});
