import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RunEntity } from '@aikore/database';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SupervisorBench } from './testing/supervisor-bench';

describe('what changed since the last good start', () => {
  let bench: SupervisorBench;
  beforeEach(async () => (bench = await SupervisorBench.open()));
  afterEach(() => bench.dispose());

  const stop = async (id: number): Promise<void> => {
    await bench.parts.supervisor.ask(id, 'stop');
    await bench.until(id, ({ status }) => status === 'stopped');
  };
  const crash = async (id: number, end: { code: number | null; signal: string | null }) => {
    // A start waits until what the run before left behind is gone.
    const { run } = await bench.until(id, ({ run: last }) => last?.pid != null && last.ended_at === null);
    bench.parts.launcher.exit(run?.id ?? '', end);
    return bench.until(id, ({ status }) => status === 'error');
  };

  it('is found in the snapshots of both runs: script and settings', async () => {
    const { id } = await bench.started();
    expect(await bench.parts.history.changes(id)).toMatchObject({ good: null, changes: [] });
    const good = await bench.parts.store.currentRun(await bench.parts.store.row(id));
    expect(good?.ready_at).not.toBeNull();
    await stop(id);
    const row = await bench.parts.store.row(id);
    await bench.parts.editor.update(row, { gpu_ids: '1', torch_version: '2.9.1' });
    await writeFile(join(bench.root, 'instances', row.directory, 'launch.sh'), 'exec something-else\n');
    await bench.parts.supervisor.ask(id, 'start');
    await crash(id, { code: 1, signal: null });
    const found = await bench.parts.history.changes(id);
    expect(found.good?.id).toBe(good?.id);
    expect(found.changes.map(({ what, name, before, after }) => [what, name, before, after])).toEqual([
      ['script', '', good?.launch?.script, expect.not.stringMatching(good?.launch?.script ?? '')],
      ['version', 'TORCH_VERSION', null, '2.9.1'],
      ['setting', 'gpu_ids', null, '1'],
    ]);
  });

  it('keeps no environment but versions', async () => {
    const { id } = await bench.started();
    const [run] = await bench.parts.dataSource.getRepository(RunEntity).find();
    expect(run).toMatchObject({ instance_id: id, launch: { blueprint: 'App.sh', memory_kills: 0 } });
    expect(Object.keys(run?.launch?.versions ?? {})).not.toContain('PATH');
  });

  it('calls a kill counted when the kernel counted one since the start, else likely', async () => {
    const { id } = await bench.started();
    bench.parts.memoryKills.kills = 1;
    expect((await crash(id, { code: null, signal: 'SIGKILL' })).status_reason?.memory).toBe('counted');
    await bench.parts.supervisor.ask(id, 'start');
    expect((await crash(id, { code: 137, signal: null })).status_reason?.memory).toBe('likely');
    await bench.parts.supervisor.ask(id, 'start');
    expect((await crash(id, { code: 1, signal: null })).status_reason?.memory).toBeUndefined();
  });
});
