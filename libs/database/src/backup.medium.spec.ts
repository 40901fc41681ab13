import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Workspace } from '../test/workspace';
import { backUp } from './backup';

describe('backUp', () => {
  let space: Workspace;
  beforeEach(async () => {
    space = await Workspace.make();
    await space.putLegacy(6);
  });
  afterEach(() => space.remove());

  const copyAt = (day: number) =>
    backUp({
      file: space.file,
      backupsDir: space.backupsDir,
      target: '0.2.0',
      now: new Date(Date.UTC(2026, 5, day)),
    });

  const backUpAt = async (day: number) => {
    await space.sql(['UPDATE instances SET port = coalesce(port, 0) + 1 WHERE id = 1']);
    return copyAt(day);
  };

  it('keeps the 7 newest: the 8th removes the oldest', async () => {
    const made: string[] = [];
    for (let day = 1; day <= 8; day += 1) made.push(await backUpAt(day));
    const names = (await readdir(space.backupsDir)).sort().map((name) => join(space.backupsDir, name));
    expect(names).toEqual(made.slice(1));
    for (const name of names) {
      expect(await space.sql(['SELECT count(*) AS n FROM instances'], name)).toEqual([{ n: 6 }]);
    }
  });

  it('makes no second copy of the same content, so that a start that fails again and again keeps the older ones', async () => {
    const older = await backUpAt(1);
    const newest = await backUpAt(2);
    for (let day = 3; day <= 12; day += 1) expect(await copyAt(day)).toBe(newest);
    expect((await readdir(space.backupsDir)).sort().map((name) => join(space.backupsDir, name))).toEqual([
      older,
      newest,
    ]);
  });

  it('has at most two copies of a database whose migration keeps failing', async () => {
    const fail = (sql: string): void => {
      if (sql.includes('adoption_notes')) throw new Error('no');
    };
    for (let day = 1; day <= 9; day += 1) {
      const now = () => new Date(Date.UTC(2026, 5, day));
      await expect(space.open({ now, onStatement: fail })).rejects.toThrow('no');
    }
    expect((await readdir(space.backupsDir)).length).toBeLessThanOrEqual(2);
    const { report } = await space.open();
    expect(report.adopted?.instances).toBe(6);
  });

  it('leaves what others put into the folder, and removes what a kill left', async () => {
    await backUpAt(1);
    await writeFile(join(space.backupsDir, 'mine.db'), 'mine');
    await writeFile(join(space.backupsDir, 'aikore-2026-06-01-before-0.2.0.db.partial'), 'half');
    for (let day = 2; day <= 9; day += 1) await backUpAt(day);
    const names = await readdir(space.backupsDir);
    expect(names).toHaveLength(8);
    expect(names).toContain('mine.db');
    expect(names.some((name) => name.includes('.partial'))).toBe(false);
  });

  it('never overwrites one', async () => {
    const [first, second] = [await backUpAt(1), await backUpAt(1)];
    expect(first).not.toBe(second);
    expect(await readdir(space.backupsDir)).toHaveLength(2);
  });

  it('says why when the folder cannot be written', async () => {
    await writeFile(space.backupsDir, 'a file');
    await expect(backUpAt(1)).rejects.toThrow(/EEXIST|ENOTDIR/);
  });
});
