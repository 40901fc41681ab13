import { cpSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunBench, until } from './fixtures/run-bench';
import { PerlRunLauncher } from './perl-run-launcher';
import type { RunHandle, RunRef } from './run-launcher';
import { isSame } from './run-tree';

describe.each([{ cgroups: true }, { cgroups: false }])(
  'two servers on one machine (cgroups: $cgroups)',
  ({ cgroups }) => {
    let ours: RunBench;
    let other: RunBench;
    beforeEach(() => {
      ours = new RunBench({ cgroups });
      other = new RunBench({ cgroups });
    });
    afterEach(async () => {
      await ours.dispose();
      await other.dispose();
    });

    /** An app of two processes, one of which has left the session and the environment. */
    const launch = async (bench: RunBench): Promise<{ run: RunHandle; lives: () => boolean }> => {
      const run = await bench.launch('setsid env -i sleep 60 & setsid sleep 61 & sleep 62');
      const members = await until(async () => {
        const found = await bench.launcher.members(run);
        return found.filter(({ command }) => command.startsWith('sleep')).length === 3 ? found : null;
      }, 'three sleeps');
      return { run, lives: () => [run.identity, ...members].every(isSame) };
    };

    it('neither stops what belongs to the other', async () => {
      const [first, second] = [await launch(ours), await launch(other)];
      await other.launcher.stop(second.run, { graceMs: 1000, deadlineMs: 5000 });
      expect([first.lives(), second.lives()]).toEqual([true, false]);
    });

    it('one that starts, and cleans up, leaves alone what runs for the other', async () => {
      const first = await launch(ours);
      const cgroup = readFileSync(`/proc/${first.run.identity.pid}/cgroup`, 'utf8');
      new PerlRunLauncher({ scope: other.dir, cgroups }).close();
      expect(first.lives()).toBe(true);
      expect(readFileSync(`/proc/${first.run.identity.pid}/cgroup`, 'utf8')).toBe(cgroup);
    });

    it.each(['the pid that is in the database', 'the start file'])(
      'one on a copy of the data folder neither adopts nor ends the runs of the original, by %s',
      async (way) => {
        const { run, lives } = await launch(ours);
        cpSync(ours.runDir, other.runDir, { recursive: true });
        const identity = way === 'the start file' ? null : run.identity;
        const copy: RunRef = { runId: run.runId, runDir: other.runDir, identity };
        expect(await other.launcher.adopt(copy)).toMatchObject({ ended: { lost: 'killed' } });
        expect(await other.launcher.members(copy)).toEqual([]);
        const report = await other.launcher.stop(copy, { graceMs: 100, deadlineMs: 5000 });
        expect(report).toMatchObject({ survivors: [], killed: 0 });
        await other.launcher.forget(copy);
        expect(lives()).toBe(true);
        expect(await ours.launcher.adopt(run)).toMatchObject({ identity: run.identity });
      },
    );
  },
);
