import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DataSource, Repository } from 'typeorm';
import { Workspace } from '../test/workspace';
import { SettingEntity } from './entities';
import { Transactions } from './transactions';

describe('Transactions', () => {
  let space: Workspace;
  let dataSource: DataSource;
  let settings: Repository<SettingEntity>;
  let transactions: Transactions;
  beforeEach(async () => {
    space = await Workspace.make();
    ({ dataSource } = await space.open());
    settings = dataSource.getRepository(SettingEntity);
    transactions = new Transactions(dataSource);
  });
  afterEach(() => space.remove());

  const put = (key: string, value = '1') => settings.save({ key, value });
  const keys = async () => (await settings.find({ order: { key: 'ASC' } })).map(({ key }) => key);

  /** A promise that the test resolves itself. */
  function gate(): { open: () => void; opened: Promise<void> } {
    let open = () => undefined as void;
    const opened = new Promise<void>((resolve) => (open = resolve));
    return { open, opened };
  }

  it('commits what work returns from', async () => {
    expect(
      await transactions.run(async (manager) => (await manager.save(SettingEntity, { key: 'a', value: '1' })).key),
    ).toBe('a');
    expect(await keys()).toEqual(['a']);
  });

  it('takes back everything of a work that throws, through the manager or a repository', async () => {
    const failing = transactions.run(async (manager) => {
      await manager.insert(SettingEntity, { key: 'a', value: '1' });
      await put('b');
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    expect(await keys()).toEqual([]);
  });

  it('does not take back what others wrote meanwhile', async () => {
    const { open, opened } = gate();
    const failing = transactions.run(async () => {
      await put('inside');
      await opened;
      throw new Error('on purpose');
    });
    const outside = [
      put('saved'),
      settings.insert({ key: 'inserted', value: '1' }),
      transactions.run(() => put('run')),
    ];
    open();
    await expect(failing).rejects.toThrow('on purpose');
    await Promise.all(outside);
    expect(await keys()).toEqual(['inserted', 'run', 'saved']);
  });

  it('shows nothing of a transaction to others before it is committed', async () => {
    const { open, opened } = gate();
    const writing = transactions.run(async () => {
      await put('a');
      await opened;
    });
    const seen = keys();
    open();
    await writing;
    expect(await seen).toEqual(['a']);
  });

  it('makes a run within a run a savepoint', async () => {
    await transactions.run(async () => {
      await put('outer');
      const inner = transactions.run(async () => {
        await put('inner');
        throw new Error('on purpose');
      });
      await expect(inner).rejects.toThrow('on purpose');
    });
    expect(await keys()).toEqual(['outer']);
  });

  it('does not let work that outlives its run into the finished transaction', async () => {
    const { open, opened } = gate();
    const later: Promise<unknown>[] = [];
    await transactions.run(async () => {
      await put('a');
      later.push(
        opened.then(() => transactions.run(() => put('b'))),
        opened.then(() =>
          transactions.run(async () => {
            await put('c');
            throw new Error('on purpose');
          }),
        ),
      );
    });
    open();
    await Promise.allSettled(later);
    expect(await keys()).toEqual(['a', 'b']);
  });

  it('counts right with 200 at once', async () => {
    await put('counter', '0');
    const increment = async () => {
      const { value } = await settings.findOneByOrFail({ key: 'counter' });
      await settings.update({ key: 'counter' }, { value: String(Number(value) + 1) });
    };
    await Promise.all(Array.from({ length: 200 }, () => transactions.run(increment)));
    expect(await settings.findOneBy({ key: 'counter' })).toMatchObject({ value: '200' });
  });

  it('goes on after a commit that fails', async () => {
    await dataSource.query('CREATE TABLE child (parent TEXT REFERENCES settings (key) DEFERRABLE INITIALLY DEFERRED)');
    const failing = transactions.run((manager) => manager.query("INSERT INTO child VALUES ('nobody')"));
    await expect(failing).rejects.toThrow(/FOREIGN KEY/);
    await put('a');
    expect(await dataSource.query('SELECT * FROM child')).toEqual([]);
  });
});
