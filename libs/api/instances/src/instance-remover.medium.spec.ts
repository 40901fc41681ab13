import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stockScript, SupervisorBench } from './testing/supervisor-bench';

describe('InstanceRemover', () => {
  let bench: SupervisorBench;

  beforeEach(async () => {
    bench = await SupervisorBench.open();
  });

  afterEach(() => bench.dispose());

  it('deletes to the trash, refuses to overwrite there, and finishes a delete that was cut off', async () => {
    const first = await bench.create('Same');
    await bench.parts.supervisor.ask(first.id, 'start');
    bench.parts.launcher.exit((await bench.runOf(first.id)).id, { code: 0 });
    await bench.until(first.id, ({ status }) => status === 'stopped');
    await bench.parts.supervisor.exclusively(first.id, (row) => bench.parts.remover.remove(row, 'trash', false));
    expect(await readFile(join(bench.root, 'trashcan', first.directory, 'launch.sh'), 'utf8')).toBe(stockScript);

    const second = await bench.create('Same');
    await mkdir(join(bench.root, 'instances', second.directory), { recursive: true });
    await expect(bench.parts.remover.remove(second, 'trash', false)).rejects.toMatchObject({ code: 'trash_conflict' });
    await bench.parts.store.patch(second.id, { pending_delete: 'permanent' });
    await bench.parts.boot.run();
    expect(await bench.parts.store.rows()).toEqual([]);
  });
});
