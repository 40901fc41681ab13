import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ChildProgram } from '../test/child-program';
import { Workspace } from '../test/workspace';
import { lockDataDir } from './data-dir-lock';
import { DataDirLockedError } from './errors';

describe('lockDataDir', () => {
  let child: ChildProgram;
  let space: Workspace;
  beforeAll(async () => {
    child = await ChildProgram.compile('hold-lock');
  });
  afterAll(() => child.remove());
  beforeEach(async () => {
    space = await Workspace.make();
  });
  afterEach(() => space.remove());

  const refusal = () => lockDataDir(space.dir).catch((thrown: unknown) => thrown);

  it('refuses a second server and names the pid of the first; kill -9 of that one frees the folder', async () => {
    const holder = child.start({ dataDir: space.dir });
    try {
      await holder.printed(1);
      expect(readFileSync(join(space.dir, 'aikore.pid'), 'utf8')).toBe(`${holder.pid}\n`);
      const error = await refusal();
      expect(error).toBeInstanceOf(DataDirLockedError);
      expect(error).toMatchObject({
        pid: holder.pid,
        message: expect.stringContaining(`(pid ${holder.pid})`) as string,
      });
    } finally {
      holder.kill();
      await holder.ended;
    }
    const lock = await lockDataDir(space.dir);
    expect(readFileSync(join(space.dir, 'aikore.pid'), 'utf8')).toBe(`${process.pid}\n`);
    await lock.release();
  });

  it('refuses the same process too, and lets the folder go', async () => {
    const first = await lockDataDir(space.dir);
    expect(await refusal()).toMatchObject({ pid: process.pid });
    await first.release();
    expect(existsSync(join(space.dir, 'aikore.pid'))).toBe(false);
    const second = await lockDataDir(space.dir);
    await second.release();
  });

  it('does not take a pid file for a lock, and does without one', async () => {
    await writeFile(join(space.dir, 'aikore.pid'), '1\n');
    const lock = await lockDataDir(space.dir);
    await writeFile(join(space.dir, 'aikore.pid'), 'not a number');
    expect(await refusal()).toMatchObject({ pid: null });
    await lock.release();
  });

  it('makes the folder', async () => {
    const lock = await lockDataDir(join(space.dir, 'new', 'folder'));
    await lock.release();
    expect(existsSync(join(space.dir, 'new', 'folder', 'aikore.lock'))).toBe(true);
  });

  it('lets the database of the folder be opened meanwhile', async () => {
    const lock = await lockDataDir(space.dir);
    expect((await space.open()).report.created).toBe(true);
    expect(await refusal()).toBeInstanceOf(DataDirLockedError);
    await lock.release();
  });
});
