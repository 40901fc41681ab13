import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { LaunchSpec, RunExit, RunLauncher } from './run-launcher';

/** A launcher under test, and a way to end a run that was launched with `spec(runId)`. */
export interface LauncherUnderTest {
  launcher: RunLauncher;
  spec: (runId: string) => LaunchSpec;
  end: (runId: string, code: number) => Promise<void>;
}

const options = { graceMs: 2000, deadlineMs: 10_000 };

/** What every RunLauncher promises. */
export const runLauncherContract = (name: string, make: () => Promise<LauncherUnderTest>): void => {
  describe(`${name} keeps the RunLauncher contract`, () => {
    it('tells the exit code of a run', async () => {
      const id = randomUUID();
      const { launcher, spec, end } = await make();
      const run = await launcher.launch(spec(id));
      expect(run.identity.runId).toBe(id);
      await end(id, 7);
      expect(await run.exited).toMatchObject({ code: 7, signal: null, lost: null } satisfies Partial<RunExit>);
      launcher.close();
    });

    it('stops a run: nothing survives, and the handle ends with the signal', async () => {
      const id = randomUUID();
      const { launcher, spec } = await make();
      const run = await launcher.launch(spec(id));
      const report = await launcher.stop(run, options);
      expect(report).toMatchObject({ survivors: [], killed: 0, exit: { code: null, signal: 'SIGTERM' } });
      expect(await run.exited).toEqual(report.exit);
      expect(await launcher.members(run)).toEqual([]);
      launcher.close();
    });

    it('adopts what lives, tells the exit of what ended, and calls the unknown lost', async () => {
      const id = randomUUID();
      const { launcher, spec, end } = await make();
      const run = await launcher.launch(spec(id));
      const adopted = await launcher.adopt({ runId: id, runDir: run.runDir, identity: run.identity });
      if ('ended' in adopted) throw new Error('The run lives');
      expect(adopted.identity).toEqual(run.identity);
      await end(id, 3);
      expect(await adopted.exited).toMatchObject({ code: 3, lost: null });
      expect(await launcher.adopt(run)).toMatchObject({ ended: { code: 3, lost: null } });
      const unknown = { runId: randomUUID(), runDir: run.runDir, identity: null };
      expect(await launcher.adopt(unknown)).toMatchObject({
        ended: { code: null, signal: null, lost: expect.any(String) },
      });
      launcher.close();
    });
  });
};
