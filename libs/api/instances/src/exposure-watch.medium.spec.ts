import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SupervisorBench } from './testing/supervisor-bench';

describe('ExposureWatch', () => {
  let bench: SupervisorBench;

  beforeEach(async () => {
    bench = await SupervisorBench.open();
    bench.parts.exposure.begin();
  });

  afterEach(async () => {
    await bench.parts.exposure.onModuleDestroy();
    await bench.dispose();
  });

  const at = (address: string, port: number) => ({ address, port, inode: `${address}${port}` });

  /** A process of the instance listens there, or of nobody's. */
  async function listen(id: number, pid: number, address: string, port: number): Promise<void> {
    const { launcher, holder } = bench.parts;
    const run = await bench.runOf(id);
    const processes = launcher.processes.get(run.id) ?? [];
    launcher.processes.set(run.id, [...processes, { pid, startTime: 1, command: 'app', rssBytes: 0 }]);
    holder.listeners.push({ ...at(address, port), pid });
    holder.sockets = [...holder.sockets, at(address, port)];
  }

  const exposed = async (id: number): Promise<string[]> => (await bench.parts.store.view(id)).exposed;

  it('tells within 5 s where an app listens beyond loopback, until it no longer does', async () => {
    const [{ id }, other] = [await bench.started('Open'), await bench.started('Closed')];
    const since = bench.parts.clock.monotonic();
    await listen(id, 50, '0.0.0.0', 8188);
    await listen(id, 51, '::', 8189);
    const told = await bench.until(id, (instance) => instance.exposed.length > 0);
    expect(bench.parts.clock.monotonic() - since).toBeLessThan(5000);
    expect(told.exposed).toEqual(['0.0.0.0:8188', '[::]:8189']);
    expect((await bench.parts.store.list()).map((instance) => instance.exposed.length)).toEqual([2, 0]);
    expect(await exposed(other.id)).toEqual([]);

    bench.parts.holder.sockets = [];
    await bench.until(id, (instance) => instance.exposed.length === 0);
  });

  it('says nothing of an app that was stopped', async () => {
    const { id } = await bench.started();
    await listen(id, 50, '0.0.0.0', 8188);
    await bench.until(id, (instance) => instance.exposed.length > 0);
    await bench.parts.supervisor.ask(id, 'stop');
    expect((await bench.until(id, ({ status }) => status === 'stopped')).exposed).toEqual([]);
    bench.parts.holder.sockets = [];
    await bench.parts.clock.advance(5000);
    await bench.parts.supervisor.ask(id, 'start');
    expect((await bench.until(id, ({ run }) => run?.pid != null && run.ended_at === null)).exposed).toEqual([]);
  });

  it('looks at processes once for each socket that is new, whosever it is', async () => {
    const { id } = await bench.started();
    const { clock, holder } = bench.parts;
    await listen(id, 50, '0.0.0.0', 8188);
    holder.sockets.push(at('192.0.2.7', 22));
    await bench.until(id, (instance) => instance.exposed.length > 0);
    const looks = holder.looks;
    await clock.advance(60_000);
    expect(holder.looks).toBe(looks);
    expect(await exposed(id)).toEqual(['0.0.0.0:8188']);
  });
});
