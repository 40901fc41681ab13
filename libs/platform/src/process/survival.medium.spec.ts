import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunBench, until } from './fixtures/run-bench';
import { readStat } from './procfs';
import { startFile } from './run-files';
import type { LaunchSpec, RunHandle, RunIdentity, RunRef } from './run-launcher';
import { isSame } from './run-tree';

describe.each([{ cgroups: true }, { cgroups: false }])(
  'a run whose server is killed -9 (cgroups: $cgroups)',
  ({ cgroups }) => {
    let bench: RunBench;
    let servers: ChildProcess[];
    beforeEach(() => {
      bench = new RunBench({ cgroups });
      servers = [];
    });
    afterEach(async () => {
      for (const server of servers) server.kill('SIGKILL');
      await bench.dispose();
    });

    const startServer = async (spec: LaunchSpec, moment = 'later'): Promise<ChildProcess> => {
      const script = bench.path('server.mjs');
      const entry = `${import.meta.dirname}/fixtures/server.ts`;
      await build({
        entryPoints: [entry],
        bundle: true,
        platform: 'node',
        format: 'esm',
        outfile: script,
        logLevel: 'error',
      });
      const launcherPath = `${import.meta.dirname}/launcher.pl`;
      const args = [
        script,
        launcherPath,
        JSON.stringify(spec),
        bench.path('identity.json'),
        bench.dir,
        String(cgroups),
        moment,
      ];
      const server = spawn(process.execPath, args, { stdio: 'inherit' });
      servers.push(server);
      bench.adoptForCleanup({ ...spec, identity: null });
      return server;
    };

    const launchAndKill = async (script: string): Promise<RunRef & { identity: RunIdentity }> => {
      const spec = bench.spec(script);
      const server = await startServer(spec);
      await until(() => readdirSync(bench.dir).includes('identity.json'), 'the identity');
      const identity = JSON.parse(readFileSync(bench.path('identity.json'), 'utf8')) as RunIdentity;
      const gone = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGKILL');
      await gone;
      return { runId: spec.runId, runDir: spec.runDir, identity };
    };

    const adoptAlive = async (run: RunRef): Promise<RunHandle> => {
      const adopted = await bench.launcher.adopt(run);
      if ('ended' in adopted) throw new Error(`The run ended: ${JSON.stringify(adopted.ended)}`);
      return adopted;
    };

    const endable = 'echo up; until [ -e end ]; do sleep 0.02; done; echo down; exit 42';

    it('is adopted under the same pid and ends with its true code, its log whole', async () => {
      const run = await launchAndKill(endable);
      const began = performance.now();
      const adopted = await adoptAlive(run);
      expect(performance.now() - began).toBeLessThan(1000);
      expect(adopted.identity).toEqual(run.identity);
      expect(readStat(run.identity.pid)?.session).toBe(run.identity.pid);
      writeFileSync(bench.path('end'), '');
      const ended = performance.now();
      expect(await adopted.exited).toMatchObject({ code: 42, signal: null, lost: null });
      expect(performance.now() - ended).toBeLessThan(2000);
      expect(await bench.log(run)).toBe('up\ndown\n');
    });

    it('can still be stopped', async () => {
      const run = await adoptAlive(await launchAndKill('setsid sleep 60 & sleep 61'));
      const report = await bench.launcher.stop(run, { graceMs: 1000, deadlineMs: 5000 });
      expect(report).toMatchObject({ survivors: [], exit: { signal: 'SIGTERM', lost: null } });
      expect(await run.exited).toEqual(report.exit);
    });

    it('tells its true exit when it ended before the next server came', async () => {
      const run = await launchAndKill(endable);
      writeFileSync(bench.path('end'), '');
      await until(() => !isSame(run.identity), 'the end of the launcher');
      expect(await bench.launcher.adopt(run)).toMatchObject({ ended: { code: 42, lost: null } });
    });

    it.each(['start file', 'environment'])('is found without a saved pid, by its %s', async (way) => {
      const run = await launchAndKill(endable);
      if (way === 'environment') rmSync(startFile(run));
      const adopted = await adoptAlive({ ...run, identity: null });
      expect(adopted.identity).toEqual(run.identity);
      writeFileSync(bench.path('end'), '');
      expect(await adopted.exited).toMatchObject({ code: 42 });
    });

    it('is found when the server died right after the spawn', async () => {
      const spec = bench.spec(endable);
      mkdirSync(spec.runDir);
      await startServer(spec, 'at once');
      const run = { ...spec, identity: null };
      await until(() => readdirSync(spec.runDir).includes(`${spec.runId}.start.json`), 'the start file');
      const adopted = await adoptAlive(run);
      writeFileSync(bench.path('end'), '');
      expect(await adopted.exited).toMatchObject({ code: 42 });
    });

    it('is lost when its launcher was killed too, and a stop still finds what lives', async () => {
      const run = await launchAndKill('env -i sleep 60 & sleep 61');
      const adopted = await adoptAlive(run);
      const members = await until(async () => {
        const found = await bench.launcher.members(run);
        return found.filter(({ command }) => command.startsWith('sleep')).length === 2 ? found : null;
      }, 'both sleeps');
      process.kill(run.identity.pid, 'SIGKILL');
      const ended = performance.now();
      expect(await adopted.exited).toMatchObject({ code: null, signal: null, lost: 'killed' });
      expect(performance.now() - ended).toBeLessThan(2000);
      expect(await bench.launcher.adopt(run)).toMatchObject({ ended: { lost: 'killed' } });
      const report = await bench.launcher.stop(run, { graceMs: 1000, deadlineMs: 5000 });
      expect(report).toMatchObject({ survivors: [], exit: { lost: 'killed' } });
      expect(members.filter(isSame)).toEqual([]);
    });
  },
);

describe('an identity that is not this process any more', () => {
  it('is never signalled: another start time, another boot, a forged start file', async () => {
    const bench = new RunBench({ cgroups: false });
    const stranger = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    const stat = await until(() => readStat(stranger.pid ?? 0), 'the stranger');
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const refs: RunRef[] = [
      { pid: stat.pid, startTime: stat.startTime - 1, bootId },
      { pid: stat.pid, startTime: stat.startTime, bootId: '00000000-0000-4000-8000-000000000000' },
    ].map((identity, index) => ({
      runId: `r${index}`,
      runDir: bench.runDir,
      identity: { runId: `r${index}`, ...identity },
    }));
    mkdirSync(bench.runDir);
    const forged = {
      run_id: 'r2',
      boot_id: bootId,
      pid: stat.pid,
      start_time: stat.startTime,
      cgroup: '/sys/fs/cgroup',
    };
    writeFileSync(startFile({ runId: 'r2', runDir: bench.runDir }), JSON.stringify(forged));
    refs.push({ runId: 'r2', runDir: bench.runDir, identity: null });
    for (const ref of refs) {
      const lost = ref.identity && ref.identity.bootId !== bootId ? 'reboot' : 'killed';
      expect(await bench.launcher.adopt(ref)).toMatchObject({ ended: { lost } });
      const report = await bench.launcher.stop(ref, { graceMs: 0, deadlineMs: 1000 });
      expect(report).toMatchObject({ survivors: [], killed: 0, exit: { lost } });
    }
    expect(isSame(stat)).toBe(true);
    stranger.kill('SIGKILL');
    await bench.dispose();
  });
});
