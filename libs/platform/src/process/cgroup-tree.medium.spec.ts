import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CgroupTree } from './cgroup-tree';

describe('CgroupTree', () => {
  let leaves: string[];
  let scope: string;
  beforeEach((context) => {
    leaves = [];
    scope = randomUUID();
    if (!CgroupTree.detect(scope)) context.skip('no writable cgroup v2 tree here');
  });
  afterEach(() => {
    for (const leaf of leaves) if (existsSync(leaf)) CgroupTree.remove(leaf);
  });

  const make = (name: string, of = scope): string => {
    const leaf = CgroupTree.detect(of)?.make(name) ?? '';
    leaves.push(leaf);
    return leaf;
  };
  const sweep = (): void => CgroupTree.detect(scope)?.sweepLeftovers();

  it('leaves no trace of looking whether it can be used', () => {
    const leaf = make('run');
    rmdirSync(leaf);
    rmdirSync(dirname(leaf));
    CgroupTree.detect(scope);
    expect(existsSync(dirname(leaf))).toBe(false);
  });

  it('removes the empty leaves that an earlier server of the same data folder left, and the folder with the last', () => {
    const [first, second] = [make('one'), make('two')];
    sweep();
    expect([first, second, dirname(first)].filter(existsSync)).toEqual([]);
  });

  it('leaves one with processes alone', async () => {
    const [empty, used] = [make('empty'), make('used')];
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    writeFileSync(join(used, 'cgroup.procs'), String(child.pid));
    sweep();
    expect([existsSync(empty), CgroupTree.pids(used)]).toEqual([false, [child.pid]]);
    CgroupTree.kill(used);
    await ended;
  });

  it('removes those of other data folders only when no run can be about to enter them', () => {
    const [fresh, old] = [make('run', randomUUID()), make('run', randomUUID())];
    const anHourAgo = Date.now() / 1000 - 3600;
    for (const folder of [old, dirname(old)]) utimesSync(folder, anHourAgo, anHourAgo);
    sweep();
    expect([existsSync(fresh), existsSync(old), existsSync(dirname(old))]).toEqual([true, false, false]);
  });
});
