import type { Instance } from '@aikore/contract';
import { describe, expect, it } from 'vitest';
import { freeName, upsertInstance } from './instance-list';

const make = (id: number, position = id, name = `i${id}`) => ({ id, position, name }) as Instance;

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

describe('freeName', () => {
  it('counts up, whatever the case', () => {
    expect(freeName('ComfyUI', [])).toBe('ComfyUI');
    expect(freeName('ComfyUI', ['comfyui', 'ComfyUI 2'])).toBe('ComfyUI 3');
  });
});
