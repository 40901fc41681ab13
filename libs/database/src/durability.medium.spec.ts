import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ChildProgram } from '../test/child-program';
import { Workspace } from '../test/workspace';

describe('what has been acknowledged', () => {
  let child: ChildProgram;
  let space: Workspace;
  beforeAll(async () => {
    child = await ChildProgram.compile('insert-rows');
  });
  afterAll(() => child.remove());
  beforeEach(async () => {
    space = await Workspace.make();
  });
  afterEach(() => space.remove());

  it('is there after each of 20 kills, and nothing that was rolled back', async () => {
    const { now: _now, ...options } = space.options;
    const acknowledged: string[] = [];
    for (let round = 0; round < 20; round += 1) {
      const running = child.start({ options, round });
      await running.printed(5 + round * 5);
      running.kill();
      await running.ended;
      acknowledged.push(...running.lines);
      expect(await space.sql(['PRAGMA quick_check'])).toEqual([{ quick_check: 'ok' }]);
    }
    const names = new Set((await space.sql(['SELECT name FROM instances'])).map((row) => String(row['name'])));
    const runs = new Set((await space.sql(['SELECT id FROM runs'])).map((row) => String(row['id'])));
    expect(acknowledged.length).toBeGreaterThan(1000);
    expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
    expect(acknowledged.filter((name) => name.startsWith('transaction') && !runs.has(name))).toEqual([]);
    expect([...names].filter((name) => name.startsWith('rolled-back'))).toEqual([]);
    expect([...names].filter((name) => name.startsWith('transaction')).sort()).toEqual([...runs].sort());
  }, 120_000);
});
