import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
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
    await bench.boot();
    expect(await bench.parts.store.view(alive.id)).toMatchObject({ status: 'started', run: { id: aliveRun.id } });
    expect(await bench.parts.store.view(dead.id)).toMatchObject({ status: 'error', run: { exit_code: 9 } });
    expect(bench.parts.launcher.launches).toHaveLength(0);
    bench.parts.launcher.exit(aliveRun.id, { signal: 'SIGKILL' });
    await bench.until(alive.id, ({ run }) => run?.signal === 'SIGKILL');
  });

  it('leaves alone what somebody begins or ends while stock is taken', async () => {
    const { id } = await bench.create('Early');
    const { freePorts, launcher } = bench.parts;
    const findFree = freePorts.findFree.bind(freePorts);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    freePorts.findFree = async (exclude) => {
      await held;
      return findFree(exclude);
    };
    const asked = bench.parts.supervisor.ask(id, 'start');
    await bench.until(id, ({ status }) => status === 'starting');
    const booted = bench.boot();
    release();
    await Promise.all([asked, booted]);
    expect([launcher.launches.length, launcher.stops.length]).toEqual([1, 0]);
    expect((await bench.parts.store.view(id)).status).toBe('starting');

    const run = await bench.runOf(id);
    await bench.parts.store.endRun(await bench.parts.store.row(id), run.id, { reason: 'stopped', signal: 'SIGTERM' });
    await bench.parts.store.patch(id, { status: 'stopped', desired_state: 'stopped' });
    launcher.exit(run.id, { lost: 'killed' });
    await bench.boot();
    expect((await bench.parts.store.view(id)).run).toMatchObject({ reason: 'stopped', signal: 'SIGTERM' });
  });

  it('begins anew what was cut off before anything was spawned', async () => {
    const { id } = await bench.create('Cut');
    await bench.parts.store.patch(id, { status: 'installing', desired_state: 'started', status_since: 'long ago' });
    await bench.parts.boot.adopt();
    const found = await bench.parts.store.view(id);
    expect(found).toMatchObject({ status: 'stopped', desired_state: 'started' });
    expect(found.status_since).not.toBe('long ago');
    await bench.parts.boot.wake();
    expect(await bench.parts.store.view(id)).toMatchObject({ status: 'starting', run: { ended_at: null } });
  });

  it('adopts before it removes what deletes left, however much that is', async () => {
    const { id } = await bench.started();
    const run = await bench.runOf(id);
    await bench.reopen();
    bench.parts.launcher.seed({ runId: run.id, runDir: bench.parts.layout.runs('App') });
    const leftover = join(bench.parts.layout.temp, '.aikore-deleted-1');
    await mkdir(leftover, { recursive: true });
    await bench.parts.boot.adopt();
    expect(existsSync(leftover)).toBe(true);
    bench.parts.launcher.exit(run.id, { signal: 'SIGKILL' });
    await bench.until(id, ({ run: last }) => last?.signal === 'SIGKILL');
    await bench.parts.boot.wake();
    expect(existsSync(leftover)).toBe(false);
  });

  it('stops what runs although it should not, and tells how it ended', async () => {
    const { id } = await bench.started();
    const run = await bench.runOf(id);
    await bench.parts.store.patch(id, { status: 'error', desired_state: 'stopped' });
    await bench.reopen();
    bench.parts.launcher.seed({ runId: run.id, runDir: bench.parts.layout.runs('App') });
    await bench.boot();
    const stopped = await bench.until(id, ({ status }) => status === 'stopped');
    expect(stopped.run).toMatchObject({ id: run.id, signal: 'SIGTERM', ended_at: expect.any(String) });
    expect(bench.parts.launcher.forgotten).toEqual([run.id]);
  });

  it('looks for what the last run left before it starts anew', async () => {
    const { id } = await bench.started('App', { autostart: true });
    const run = await bench.runOf(id);
    await bench.reopen();
    bench.parts.launcher.seed({ runId: run.id, runDir: bench.parts.layout.runs('App') }, { code: 0 });
    const left = { pid: 7, startTime: 1, command: 'python3', rssBytes: 0 };
    bench.parts.launcher.onStop = () => ({ survivors: [left], killed: 0, exit: null });
    await bench.boot();
    await bench.until(id, ({ status_reason }) => status_reason?.code === 'survivors');
    expect(bench.parts.launcher.launches).toEqual([]);
  });

  it('goes by the restart policy when an app was killed with its launcher while no server was there', async () => {
    const { id, directory } = await bench.started('App', { restart_policy: 'always' });
    const run = await bench.runOf(id);
    await bench.reopen();
    bench.parts.launcher.seed({ runId: run.id, runDir: bench.parts.layout.runs(directory) }, { lost: 'killed' });
    await bench.parts.boot.adopt();
    const killed = await bench.parts.store.view(id);
    expect(killed).toMatchObject({ status: 'error', desired_state: 'started', run: { reason: 'exited' } });
    expect(killed.status_reason).toMatchObject({
      code: 'restarting',
      message: expect.stringContaining('its launcher'),
    });
  });

  it('begins anew when the last server was killed before it knew whether anything ran', async () => {
    const { id } = await bench.create('Early');
    await bench.parts.store.beginRun({ id: 'never-seen', instance_id: id, app_port: null });
    await bench.parts.store.patch(id, { status: 'starting', desired_state: 'started' });
    await bench.boot();
    const begun = await bench.until(id, ({ run }) => run?.pid != null);
    expect(begun).toMatchObject({ status: 'starting', status_reason: null });
    expect(begun.run?.id).not.toBe('never-seen');
  });

  it('starts what is marked autostart at boot, healing its port', async () => {
    const { id } = await bench.create('Auto', { autostart: true });
    await bench.parts.store.patch(id, { port: 22 });
    await bench.boot();
    expect(await bench.parts.store.view(id)).toMatchObject({ status: 'starting', port: 19001 });
  });

  it('tells once why what is marked autostart did not start', async () => {
    const { id } = await bench.create('Auto', { autostart: true });
    bench.parts.launcher.failNext(new SpawnError('command', 'There is no bash here.'));
    const told = (['warn', 'error'] as const).map((level) =>
      vi.spyOn(Logger.prototype, level).mockImplementation(() => undefined),
    );
    await bench.boot();
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
    await bench.boot();
    await bench.until(id, ({ run, status }) => status === 'starting' && run?.id !== before.id && run?.pid != null);
    expect(bench.parts.launcher.stops.map(({ runId }) => runId)).toContain(before.id);
  });

  it('tells a killed launcher from a machine that restarted', async () => {
    const { id } = await bench.started();
    bench.parts.launcher.exit((await bench.runOf(id)).id, { lost: 'killed' });
    const killed = await bench.until(id, ({ status }) => status === 'error');
    expect(killed.status_reason?.message).toContain('together with its launcher');

    const other = await bench.started('Other');
    await bench.reopen();
    await bench.boot();
    expect(await bench.parts.store.view(other.id)).toMatchObject({ status: 'stopped', run: { reason: 'lost' } });
  });
});
