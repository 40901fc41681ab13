import type { Instance } from '@aikore/contract';
import { describe, expect, it } from 'vitest';
import { freeName, idsAfterMove, reorder, upsertInstance } from './instance-list';

const make = (id: number, position = id, name = `i${id}`, parent_instance_id: number | null = null) =>
  ({ id, position, name, parent_instance_id }) as Instance;

describe('upsertInstance', () => {
  const list = [make(1), make(2), make(3)];

  it('replaces one and keeps the other objects', () => {
    const next = upsertInstance(list, make(2, 2, 'new'));
    expect(next.map(({ name }) => name)).toEqual(['i1', 'new', 'i3']);
    expect(next[0]).toBe(list[0]);
  });

  it('puts new and moved ones in their place', () => {
    expect(upsertInstance(list, make(9, 2)).map(({ id }) => id)).toEqual([1, 2, 9, 3]);
    expect(upsertInstance(list, make(1, 7)).map(({ id }) => id)).toEqual([2, 3, 1]);
  });
});

describe('a new order', () => {
  const list = [make(1), make(2), make(4, 3, 'i4', 2), make(5, 4, 'i5', 2), make(3, 5)];

  it('is what the server says; unchanged objects stay the same', () => {
    const next = reorder(list, [1, 3, 2, 4, 5]);
    expect(next.map(({ id, position }) => [id, position])).toEqual([
      [1, 1],
      [3, 2],
      [2, 3],
      [4, 4],
      [5, 5],
    ]);
    expect(next[0]).toBe(list[0]);
    expect(reorder(list, [2, 1]).map(({ id }) => id)).toEqual([2, 4, 5, 1, 3]);
  });

  it('is shown before the answer: a family moves as a block, a satellite within it', () => {
    expect(idsAfterMove(list, 2, 1)).toEqual([2, 4, 5, 1, 3]);
    expect(idsAfterMove(list, 2, null)).toEqual([1, 3, 2, 4, 5]);
    expect(idsAfterMove(list, 5, 4)).toEqual([1, 2, 5, 4, 3]);
    expect(idsAfterMove(list, 4, null)).toEqual([1, 2, 5, 4, 3]);
    expect(idsAfterMove(list, 9, null)).toEqual([1, 2, 4, 5, 3]);
    expect(idsAfterMove(list, 1, 1)).toEqual([1, 2, 4, 5, 3]);
  });
});

describe('freeName', () => {
  it('counts up, whatever the case', () => {
    expect(freeName('ComfyUI', [])).toBe('ComfyUI');
    expect(freeName('ComfyUI', ['comfyui', 'ComfyUI 2'])).toBe('ComfyUI 3');
  });
});
