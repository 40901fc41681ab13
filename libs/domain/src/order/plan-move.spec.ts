import { inDisplayOrder, type Placed } from '@aikore/contract';
import { describe, expect, it } from 'vitest';
import { planMove } from './plan-move';

const at = (id: number, position: number, parent: number | null = null): Placed => ({
  id,
  position,
  parent_instance_id: parent,
});
// 1, 2 with satellites 4 and 5, 3
const some = [at(1, 1), at(2, 2), at(3, 5), at(4, 3, 2), at(5, 4, 2)];

describe('the display order', () => {
  it('has satellites below their parent, wherever their position puts them', () => {
    expect(inDisplayOrder([at(1, 1), at(2, 2), at(9, 3, 1)]).map(({ id }) => id)).toEqual([1, 9, 2]);
    expect(inDisplayOrder([at(9, 1, 2), at(2, 7), at(3, 2)]).map(({ id }) => id)).toEqual([3, 2, 9]);
  });

  it('lets a satellite without its parent stand for itself, and equal positions follow the ids', () => {
    expect(inDisplayOrder([at(8, 1, 99), at(2, 1), at(1, 1)]).map(({ id }) => id)).toEqual([1, 2, 8]);
  });
});

describe('a move', () => {
  it('takes the whole family along', () => {
    expect(planMove(some, { id: 2, before: 1 })).toEqual({ ids: [2, 4, 5, 1, 3] });
    expect(planMove(some, { id: 2, before: null })).toEqual({ ids: [1, 3, 2, 4, 5] });
    expect(planMove(some, { id: 3, before: 2 })).toEqual({ ids: [1, 3, 2, 4, 5] });
    expect(planMove(some, { id: 3, before: 3 })).toEqual({ ids: [1, 2, 4, 5, 3] });
  });

  it('keeps a satellite in its family', () => {
    expect(planMove(some, { id: 5, before: 4 })).toEqual({ ids: [1, 2, 5, 4, 3] });
    expect(planMove(some, { id: 4, before: null })).toEqual({ ids: [1, 2, 5, 4, 3] });
    expect(planMove(some, { id: 4, before: 1 })).toEqual({ fault: 'satellite_elsewhere' });
    expect(planMove(some, { id: 4, before: 2 })).toEqual({ fault: 'satellite_elsewhere' });
  });

  it('never goes between a parent and its satellites', () => {
    expect(planMove(some, { id: 1, before: 4 })).toEqual({ fault: 'before_satellite' });
  });

  it('knows what is not there', () => {
    expect(planMove(some, { id: 77, before: null })).toEqual({ fault: 'unknown' });
    expect(planMove(some, { id: 1, before: 77 })).toEqual({ fault: 'unknown_before' });
    expect(planMove([at(1, 1)], { id: 1, before: null })).toEqual({ ids: [1] });
  });
});
