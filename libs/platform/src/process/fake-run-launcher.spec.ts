import { describe, expect, it } from 'vitest';
import { FakeRunLauncher } from './fake-run-launcher';
import { SpawnError, type LaunchSpec } from './run-launcher';
import { runLauncherContract } from './run-launcher.contract';

const spec = (runId: string): LaunchSpec => ({
  runId,
  argv: ['bash', 'launch.sh'],
  cwd: '/i',
  env: {},
  logFile: '/i/log',
  runDir: '/i/run',
});

runLauncherContract('FakeRunLauncher', async () => {
  const launcher = new FakeRunLauncher();
  return { launcher, spec, end: async (runId, code) => launcher.exit(runId, { code }) };
});

describe('FakeRunLauncher', () => {
  it('fails a launch on demand and keeps its spec', async () => {
    const fake = new FakeRunLauncher();
    fake.failNext(new SpawnError('cwd', 'The folder /i does not exist.', 'ENOENT'));
    await expect(fake.launch(spec('a'))).rejects.toThrow(SpawnError);
    await fake.launch(spec('b'));
    expect(fake.launches.map(({ runId }) => runId)).toEqual(['a', 'b']);
  });

  it('plays runs of an earlier server, and a stop that fails', async () => {
    const fake = new FakeRunLauncher();
    const alive = fake.seed({ runId: 'a', runDir: '/i/run' });
    fake.seed({ runId: 'b', runDir: '/i/run' }, { signal: 'SIGKILL' });
    expect(await fake.adopt(alive)).toBe(alive);
    expect(await fake.adopt({ runId: 'b', runDir: '/i/run', identity: null })).toMatchObject({
      ended: { code: null, signal: 'SIGKILL' },
    });
    const survivor = { pid: 1, startTime: 1, command: 'stuck', rssBytes: 0 };
    fake.onStop = () => ({ survivors: [survivor], killed: 1, exit: null });
    expect((await fake.stop(alive, { graceMs: 1, deadlineMs: 2 })).survivors).toEqual([survivor]);
  });
});
