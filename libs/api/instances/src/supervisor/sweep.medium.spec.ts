import type { StopReport } from '@aikore/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SupervisorBench } from '../testing/supervisor-bench';

const clean: StopReport = { survivors: [], killed: 0, exit: null };
const python = { pid: 7, startTime: 1, command: 'python3', rssBytes: 0 };

describe('while what an ended app left behind is being removed', () => {
  let bench: SupervisorBench;

  beforeEach(async () => {
    bench = await SupervisorBench.open();
  });

  afterEach(() => bench.dispose());

  /** An app that has crashed, and a sweep that ends when `finish` is called. */
  async function crashed(
    more: object = {},
  ): Promise<{ id: number; runId: string; finish: (report: StopReport) => void }> {
    const { id } = await bench.started('App', more);
    const { id: runId } = await bench.runOf(id);
    let finish: (report: StopReport) => void = () => undefined;
    const swept = new Promise<StopReport>((resolve) => (finish = resolve));
    bench.parts.launcher.onStop = () => swept;
    bench.parts.launcher.exit(runId, { code: 1 });
    await bench.until(id, ({ status }) => status === 'error' && bench.parts.launcher.stops.length > 0);
    return { id, runId, finish };
  }

  const launches = (): number => bench.parts.launcher.launches.length;

  it('a start waits for it, and is not made beside survivors', async () => {
    const { id, runId, finish } = await crashed();
    expect((await bench.parts.supervisor.ask(id, 'start')).status).toBe('starting');
    expect(launches()).toBe(1);
    finish({ ...clean, survivors: [python] });
    const failed = await bench.until(id, ({ status }) => status === 'error');
    expect(failed.status_reason).toMatchObject({ code: 'survivors' });
    expect(failed.status_reason?.message).toContain('python3 (pid 7)');
    await expect.poll(() => bench.parts.launcher.forgotten).toEqual([runId]);
    expect(launches()).toBe(1);
  });

  it('a start is made as soon as nothing is left', async () => {
    const { id, runId, finish } = await crashed();
    await bench.parts.supervisor.ask(id, 'start');
    finish(clean);
    await bench.until(id, ({ run }) => run?.id !== runId && run?.pid != null);
    expect([launches(), bench.parts.launcher.forgotten]).toEqual([2, [runId]]);
  });

  it('a restart by policy waits for it as well', async () => {
    const { id, finish } = await crashed({ restart_policy: 'always' });
    await bench.until(id, ({ status }) => status === 'starting');
    expect(launches()).toBe(1);
    finish({ ...clean, survivors: [python] });
    await bench.until(id, ({ status_reason }) => status_reason?.code === 'survivors');
    await bench.parts.clock.advance(120_000);
    expect(launches()).toBe(1);
  });

  it('a stop is answered at once, and so is the end of the server', async () => {
    const { id, finish } = await crashed();
    await bench.parts.supervisor.ask(id, 'start');
    expect((await bench.parts.supervisor.ask(id, 'stop')).status).toBe('stopping');
    await bench.parts.supervisor.close();
    finish(clean);
    expect(launches()).toBe(1);
  });

  it('a stop of a start that waits leaves nothing to start', async () => {
    const { id, finish } = await crashed();
    await bench.parts.supervisor.ask(id, 'start');
    await bench.parts.supervisor.ask(id, 'stop');
    finish(clean);
    await bench.until(id, ({ status }) => status === 'stopped');
    expect(launches()).toBe(1);
  });

  it('a delete waits for it, and is refused when something survived', async () => {
    const { id, finish } = await crashed();
    const removed = bench.parts.service.delete(id, 'trash', false);
    const isOver = await Promise.race([removed.then(() => true), bench.parts.clock.advance(1000).then(() => false)]);
    expect(isOver).toBe(false);
    finish({ ...clean, survivors: [python] });
    await expect(removed).rejects.toMatchObject({
      code: 'wrong_state',
      message: expect.stringContaining('still runs'),
    });
    expect((await bench.parts.store.view(id)).allowedActions).not.toContain('delete');

    bench.parts.launcher.onStop = null;
    await bench.parts.supervisor.ask(id, 'stop');
    await bench.until(id, ({ status }) => status === 'stopped');
    await bench.parts.service.delete(id, 'trash', false);
    expect(await bench.parts.store.rows()).toEqual([]);
  });
});
