import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InstanceWaiter } from './instance-waiter';
import { SupervisorBench } from './testing/supervisor-bench';

describe('InstanceWaiter', () => {
  let bench: SupervisorBench;

  beforeEach(async () => {
    bench = await SupervisorBench.open();
  });

  afterEach(() => bench.dispose());

  it('tells a waiter that its instance is gone', async () => {
    const { id } = await bench.create();
    const waiter = new InstanceWaiter(bench.parts.store, bench.parts.events, bench.parts.clock);
    await bench.parts.supervisor.ask(id, 'start');
    const waiting = waiter.until(id, 'started', 60);
    await bench.parts.supervisor.ask(id, 'stop');
    await expect(waiting).rejects.toMatchObject({ code: 'wrong_state' });
  });

  it('tells a crash from an app that was stopped', async () => {
    const { id } = await bench.create();
    const waiter = new InstanceWaiter(bench.parts.store, bench.parts.events, bench.parts.clock);
    await bench.parts.supervisor.ask(id, 'start');
    const waiting = waiter.until(id, 'started', 60);
    bench.parts.launcher.exit((await bench.runOf(id)).id, { code: 3 });
    await expect(waiting).rejects.toMatchObject({ code: 'start_failed' });
  });
});
