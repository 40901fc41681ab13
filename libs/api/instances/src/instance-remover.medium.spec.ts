import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstanceEntity } from '@aikore/database';
import { NodeFiles } from '@aikore/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InstanceRemover } from './instance-remover';
import { stockScript, SupervisorBench } from './testing/supervisor-bench';

/** Lets some calls through; then the server is as good as killed: what it asks for next never comes back. */
class Killer {
  private kill = (): void => undefined;
  readonly killed = new Promise<void>((resolve) => (this.kill = resolve));

  constructor(private calls: number) {}

  watch<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (object, key) => {
        const member: unknown = Reflect.get(object, key);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]): unknown => {
          if (this.calls-- > 0) return member.apply(object, args);
          this.kill();
          return new Promise(() => undefined);
        };
      },
    });
  }
}

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
    await bench.boot();
    expect(await bench.parts.store.rows()).toEqual([]);
  });

  /** @returns whether the delete was cut off */
  async function removeCutOff(row: InstanceEntity, mode: 'trash' | 'permanent', calls: number): Promise<boolean> {
    const killer = new Killer(calls);
    const { layout, store } = bench.parts;
    const remover = new InstanceRemover(layout, killer.watch(store), killer.watch(new NodeFiles()));
    return Promise.race([remover.remove(row, mode, true).then(() => false), killer.killed.then(() => true)]);
  }

  it.each(['trash', 'permanent'] as const)(
    'killed at any step of a delete (%s), the next server finishes it, or the instance is whole',
    async (mode) => {
      let [calls, wholes, cutOff] = [0, 0, true];
      for (; cutOff; calls += 1) {
        const row = await bench.create('Cut');
        const [folder, kept] = [bench.parts.layout.instance('Cut'), join(bench.root, 'trashcan', 'Cut', 'app')];
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, 'app'), `${calls}`);
        cutOff = await removeCutOff(row, mode, calls);
        await bench.reopen();
        await bench.boot();

        const rows = await bench.parts.store.rows();
        expect([calls, await readdir(bench.parts.layout.instances)]).toEqual([calls, rows.map(() => 'Cut')]);
        expect(rows.map(({ pending_delete }) => pending_delete)).toEqual(rows.map(() => null));
        if (rows[0]) {
          wholes += 1;
          expect(await readFile(join(folder, 'app'), 'utf8')).toBe(`${calls}`);
          await bench.parts.remover.remove(rows[0], 'permanent', false);
        } else if (mode === 'trash') expect(await readFile(kept, 'utf8')).toBe(`${calls}`);
        await expect.poll(() => readdir(bench.parts.layout.temp)).toEqual([]);
      }
      // Before the intent is written down, the delete has not begun.
      expect(wholes).toBeGreaterThan(0);
      expect(calls - wholes).toBeGreaterThan(4);
    },
  );
});
