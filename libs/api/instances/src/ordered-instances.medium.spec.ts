import { InstanceEntity } from '@aikore/database';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SupervisorBench } from './testing/supervisor-bench';

describe('the order of instances', () => {
  let bench: SupervisorBench;
  beforeEach(async () => (bench = await SupervisorBench.open()));
  afterEach(() => bench.dispose());
  const names = async () => (await bench.parts.store.list()).map(({ name }) => name);

  it('is kept, told to everybody once, and no edit', async () => {
    for (const name of ['a', 'b', 'c']) await bench.create(name);
    const [a, , c] = await bench.parts.store.list();
    const told: number[][] = [];
    bench.parts.events.on('instances.ordered', ({ ids }) => told.push(ids));
    await bench.parts.ordered.move({ id: c!.id, before: a!.id });
    expect(await names()).toEqual(['c', 'a', 'b']);
    expect(told).toEqual([[c!.id, a!.id, a!.id + 1]]);
    expect((await bench.parts.store.row(c!.id)).revision).toBe(c!.revision);
    await bench.reopen();
    expect(await names()).toEqual(['c', 'a', 'b']);
  });

  it('survives moves at the same time, and a new instance goes to the end', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await bench.create(name);
    const ids = (await bench.parts.store.list()).map(({ id }) => id);
    await Promise.all([
      bench.parts.ordered.move({ id: ids[3]!, before: ids[0]! }),
      bench.parts.ordered.move({ id: ids[0]!, before: null }),
      bench.create('e'),
    ]);
    expect((await names()).sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
    const rows = await bench.parts.dataSource.getRepository(InstanceEntity).find();
    expect(new Set(rows.map(({ position }) => position)).size).toBeGreaterThanOrEqual(4);
  });

  it('says what is wrong with a move', async () => {
    const { id } = await bench.create('a');
    const parent = await bench.create('b');
    const child = await bench.create('c');
    await bench.parts.store.patch(child.id, { parent_instance_id: parent.id });
    const move = (from: number, before: number | null) => bench.parts.ordered.move({ id: from, before });
    await expect(move(999, null)).rejects.toMatchObject({ code: 'not_found' });
    await expect(move(id, 999)).rejects.toMatchObject({ code: 'not_found' });
    await expect(move(child.id, id)).rejects.toMatchObject({ code: 'validation_failed' });
    await expect(move(id, child.id)).rejects.toMatchObject({ code: 'validation_failed' });
    await move(parent.id, id);
    expect(await names()).toEqual(['b', 'c', 'a']);
  });
});
