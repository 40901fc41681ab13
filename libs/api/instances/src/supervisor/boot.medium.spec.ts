import { Logger } from '@nestjs/common';
import { SpawnError } from '@aikore/platform';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SupervisorBench } from '../testing/supervisor-bench';

describe('InstanceBoot', () => {
  let bench: SupervisorBench;

  beforeEach(async () => {
    bench = await SupervisorBench.open();
  });

  afterEach(() => bench.dispose());

  it('adopts what runs, with the same pid, and finishes what ended meanwhile', async () => {
    const alive = await bench.started('Alive');
    const dead = await bench.started('Dead');
    const [aliveRun, deadRun] = [await bench.runOf(alive.id), await bench.runOf(dead.id)];
    await bench.reopen();
    bench.parts.launcher.seed({ runId: aliveRun.id, runDir: bench.parts.layout.runs(alive.directory) });
    bench.parts.launcher.seed({ runId: deadRun.id, runDir: bench.parts.layout.runs(dead.directory) }, { code: 9 });
    await bench.parts.boot.run();
    expect(await bench.parts.store.view(alive.id)).toMatchObject({ status: 'started', run: { id: aliveRun.id } });
    expect(await bench.parts.store.view(dead.id)).toMatchObject({ status: 'error', run: { exit_code: 9 } });
    expect(bench.parts.launcher.launches).toHaveLength(0);
    bench.parts.launcher.exit(aliveRun.id, { signal: 'SIGKILL' });
    await bench.until(alive.id, ({ run }) => run?.signal === 'SIGKILL');
  });

  it('starts what is marked autostart at boot, healing its port', async () => {
    const { id } = await bench.create('Auto', { autostart: true });
    await bench.parts.store.patch(id, { port: 22 });
    await bench.parts.boot.run();
    expect(await bench.parts.store.view(id)).toMatchObject({ status: 'starting', port: 19001 });
  });

  it('tells once why what is marked autostart did not start', async () => {
    const { id } = await bench.create('Auto', { autostart: true });
    bench.parts.launcher.failNext(new SpawnError('command', 'There is no bash here.'));
    const told = (['warn', 'error'] as const).map((level) =>
      vi.spyOn(Logger.prototype, level).mockImplementation(() => undefined),
    );
    await bench.parts.boot.run();
    const lines = told.flatMap((spy) => spy.mock.calls.map(([line]) => String(line)));
    for (const spy of told) spy.mockRestore();
    expect(lines).toEqual(['"Auto" could not start: There is no bash here.']);
    expect((await bench.parts.store.view(id)).status).toBe('error');
  });

  it('finishes a restart that the last server was cut off in', async () => {
    const { id } = await bench.started();
    const before = await bench.runOf(id);
    await bench.parts.store.patch(id, { status: 'stopping', desired_state: 'started' });
    await bench.reopen();
    bench.parts.launcher.seed({ runId: before.id, runDir: bench.parts.layout.runs('App') }, { code: 0 });
    await bench.parts.boot.run();
    await bench.until(id, ({ run, status }) => status === 'starting' && run?.id !== before.id && run?.pid != null);
    expect(bench.parts.launcher.stops.map(({ runId }) => runId)).toContain(before.id);
  });

  it('tells a killed launcher from a machine that restarted', async () => {
    const { id } = await bench.started();
    bench.parts.launcher.exit((await bench.runOf(id)).id, { lost: true });
    const killed = await bench.until(id, ({ status }) => status === 'error');
    expect(killed.status_reason?.message).toContain('together with its launcher');

    const other = await bench.started('Other');
    await bench.reopen();
    await bench.parts.boot.run();
    expect(await bench.parts.store.view(other.id)).toMatchObject({ status: 'stopped', run: { reason: 'lost' } });
  });
});
