import { writeFile } from 'node:fs/promises';
import { SpawnError } from '@aikore/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SupervisorBench } from '../testing/supervisor-bench';

describe('the end of a run', () => {
  let bench: SupervisorBench;

  beforeEach(async () => {
    bench = await SupervisorBench.open();
  });

  afterEach(() => bench.dispose());

  it('tells a crash as an error with its code, its last lines, and what is left', async () => {
    const { id, directory } = await bench.started();
    const run = await bench.runOf(id);
    await writeFile(bench.parts.layout.logFile(directory, run.id), 'loading\nCUDA out of memory\n');
    bench.parts.launcher.exit(run.id, { code: 3 });
    const failed = await bench.until(id, ({ status, run: last }) => status === 'error' && last?.ended_at !== null);
    expect(failed.status_reason).toMatchObject({ code: 'exited', lines: ['loading', 'CUDA out of memory'] });
    expect(failed.run).toMatchObject({ exit_code: 3, signal: null, reason: 'exited' });
    expect(failed.allowedActions).toEqual(['start', 'stop', 'edit', 'delete']);
    await bench.until(id, () => bench.parts.launcher.stops.some(({ runId }) => runId === run.id));
  });

  it('restarts by policy with backoff, and gives up after five fast failures', async () => {
    const { id } = await bench.create('App', { restart_policy: 'on-failure' });
    await bench.parts.supervisor.ask(id, 'start');
    for (let failures = 1; failures < 5; failures++) {
      bench.parts.launcher.exit((await bench.runOf(id)).id, { code: 1 });
      await bench.until(id, ({ run }) => bench.parts.launcher.launches.length === failures + 1 && run?.pid != null);
    }
    bench.parts.launcher.exit((await bench.runOf(id)).id, { code: 1 });
    const last = await bench.until(id, ({ status_reason }) => status_reason?.code === 'gave_up');
    expect(last).toMatchObject({ status: 'error', desired_state: 'stopped' });
    expect(bench.parts.launcher.launches).toHaveLength(5);
  });

  it.each(['always', 'on-failure'] as const)(
    'waits and gives up in the same way, policy %s',
    async (restart_policy) => {
      const { id } = await bench.create('App', { restart_policy });
      await bench.parts.supervisor.ask(id, 'start');
      const code = restart_policy === 'always' ? 0 : 1;
      for (let failures = 1; failures < 5; failures++) {
        const { run } = await bench.until(id, ({ run: last }) => last?.pid != null && last.ended_at === null);
        bench.parts.launcher.exit(run?.id ?? '', { code });
        const waiting = await bench.until(id, ({ status }) => status === 'error');
        const seconds = 2 ** (failures - 1);
        expect(waiting.status_reason).toMatchObject({
          code: 'restarting',
          message: expect.stringContaining(`It waits, and is started again in ${seconds} s.`),
        });
        const waits = Date.parse(waiting.status_reason?.retry_at ?? '') - Date.parse(waiting.status_since);
        expect(Math.round(waits / 1000)).toBe(seconds);
      }
      const { run } = await bench.until(id, ({ run: last }) => last?.pid != null && last.ended_at === null);
      bench.parts.launcher.exit(run?.id ?? '', { code });
      const last = await bench.until(id, ({ status_reason }) => status_reason?.code === 'gave_up');
      expect(last).toMatchObject({ status: 'error', desired_state: 'stopped' });
      expect(last.status_reason?.retry_at).toBeUndefined();
    },
  );

  it('a start by policy that fails says as well that it is tried again', async () => {
    const { id } = await bench.create('App', { restart_policy: 'always' });
    await bench.parts.supervisor.ask(id, 'start');
    bench.parts.launcher.exit((await bench.runOf(id)).id, { code: 1 });
    await bench.until(id, ({ status }) => status === 'error');
    bench.parts.launcher.failNext(new SpawnError('launcher', 'No memory.'));
    const failed = await bench.until(
      id,
      ({ status_reason }) => status_reason?.message.startsWith('No memory') === true,
    );
    expect(failed.status_reason).toMatchObject({
      code: 'restarting',
      message: 'No memory. It waits, and is started again in 2 s.',
    });
  });

  it('a stop cancels a planned restart', async () => {
    const { id } = await bench.create('App', { restart_policy: 'always' });
    await bench.parts.supervisor.ask(id, 'start');
    bench.parts.launcher.exit((await bench.runOf(id)).id, { code: 1 });
    await bench.until(id, ({ status_reason }) => status_reason?.code === 'restarting');
    await bench.parts.supervisor.ask(id, 'stop');
    await bench.until(id, ({ status }) => status === 'stopped');
    await bench.parts.clock.advance(120_000);
    expect((await bench.parts.store.view(id)).status).toBe('stopped');
    expect(bench.parts.launcher.launches).toHaveLength(1);
  });

  it('delivers the end of an app again until it can be written', async () => {
    const { id } = await bench.started();
    const write = bench.parts.store.transition.bind(bench.parts.store);
    let refusals = 2;
    bench.parts.store.transition = (...args) =>
      refusals-- > 0 ? Promise.reject(new Error('SQLITE_FULL: database or disk is full')) : write(...args);
    bench.parts.launcher.exit((await bench.runOf(id)).id, { code: 5 });
    await bench.until(id, ({ status, run }) => status === 'error' && run?.exit_code === 5);
    expect(refusals).toBeLessThan(0);
  });

  it('names what an ended app left behind, and Stop tries again', async () => {
    const { id } = await bench.started();
    bench.parts.launcher.onStop = () => ({
      survivors: [{ pid: 78, startTime: 1, command: 'worker', rssBytes: 0 }],
      killed: 1,
      exit: null,
    });
    bench.parts.launcher.exit((await bench.runOf(id)).id, { code: 0 });
    await bench.until(id, ({ status_reason }) => status_reason?.code === 'survivors');
    bench.parts.launcher.onStop = null;
    await bench.parts.supervisor.ask(id, 'stop');
    await bench.until(id, ({ status }) => status === 'stopped');
  });

  it('tries a start by policy again when it fails', async () => {
    const { id } = await bench.create('App', { restart_policy: 'always' });
    await bench.parts.supervisor.ask(id, 'start');
    bench.parts.launcher.failNext(new SpawnError('launcher', 'No memory.'));
    bench.parts.launcher.exit((await bench.runOf(id)).id, { code: 1 });
    await bench.until(
      id,
      ({ status, run }) =>
        status === 'starting' &&
        run?.pid != null &&
        run.ended_at === null &&
        bench.parts.launcher.launches.length === 3,
    );
  });
});
