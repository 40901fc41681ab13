import type { Instance } from '@aikore/contract';
import { describe, expect, it } from 'vitest';
import { beforeWhich, familiesOf, familyHeads } from './families';

const make = (id: number, parent_instance_id: number | null = null) => ({ id, parent_instance_id }) as Instance;
const rows = [make(1), make(2), make(4, 2), make(5, 2), make(3)];

describe('families', () => {
  it('are a parent with the satellites below it', () => {
    const found = familiesOf(rows);
    expect(found.map(({ head, satellites }) => [head.id, ...satellites.map(({ id }) => id)])).toEqual([
      [1],
      [2, 4, 5],
      [3],
    ]);
    expect(found.map(({ offset }) => offset)).toEqual([0, 1, 4]);
    expect(familyHeads(rows).map(({ id }) => id)).toEqual([2]);
  });

  it('let a satellite without its parent stand for itself', () => {
    expect(familiesOf([make(4, 2), make(5, 2)])).toHaveLength(2);
  });

  it('stay the same objects while nothing in them changes', () => {
    const before = familiesOf(rows);
    const after = familiesOf([rows[0]!, rows[1]!, make(4, 2), rows[3]!, rows[4]!], before);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
    expect(after[2]).toBe(before[2]);
  });
});

describe('where a move among the shown ones goes', () => {
  const all = [1, 2, 3, 4, 5];

  it('is behind the one above it', () => {
    expect(beforeWhich(all, [1, 2, 4, 5], 0, 3)).toBe(1);
    expect(beforeWhich(all, [1, 2, 4, 5], 3, 3)).toBe(5);
    expect(beforeWhich(all, [1, 2, 4, 5], 4, 3)).toBeNull();
    expect(beforeWhich(all, [2, 3, 4, 5], 1, 1)).toBe(3);
  });

  it('passes what is filtered away', () => {
    // Shown: 1, 3, 5; 5 goes behind 1, and 2 stays behind 1 too.
    expect(beforeWhich(all, [1, 3], 1, 5)).toBe(2);
    expect(beforeWhich(all, [3, 5], 2, 1)).toBeNull();
    expect(beforeWhich(all, [], 0, 1)).toBeNull();
  });
});
