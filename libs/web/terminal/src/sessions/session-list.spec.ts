import { describe, expect, it } from 'vitest';
import { sessionOf } from '../testing/session-of';
import { neighbourOf, tabsOf, withoutSession, withSession } from './session-list';

const at = (id: string, minute: number, instanceId = 1) => ({
  ...sessionOf(id, instanceId),
  opened_at: `2026-01-01T00:0${minute}:00.000Z`,
});
const [one, two, three] = [at('a', 1), at('b', 2), at('c', 3)];

describe('the list of terminals', () => {
  it('keeps the order in which they were opened, whatever order the news come in', () => {
    const list = [three, one, two].reduce(withSession, [] as readonly (typeof one)[]);
    expect(list.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(withSession(list, { ...two, cols: 7 })).toEqual([one, { ...two, cols: 7 }, three]);
    expect(withoutSession(list, 'b')).toEqual([one, three]);
  });
});

describe('the tabs of an instance', () => {
  it('are its terminals, and those that ended under somebody’s eyes, in their place', () => {
    const tabs = tabsOf([one, three, at('other', 0, 2)], [one, two, at('theirs', 0, 2)], 1);
    expect(tabs).toEqual([
      { session: one, alive: true },
      { session: two, alive: false },
      { session: three, alive: true },
    ]);
  });

  it('take what is known now, not what was seen', () => {
    const changed = { ...one, cols: 7 };
    expect(tabsOf([changed], [one], 1)).toEqual([{ session: changed, alive: true }]);
  });

  it('show the neighbour of a tab that is closed', () => {
    const tabs = tabsOf([one, two, three], [], 1);
    expect(['a', 'b', 'c'].map((id) => neighbourOf(tabs, id))).toEqual(['b', 'c', 'b']);
    expect(neighbourOf(tabsOf([one], [], 1), 'a')).toBeNull();
  });
});
