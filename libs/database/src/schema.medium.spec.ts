import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { Workspace } from '../test/workspace';
import { ApiTokenEntity, InstanceEntity, RunEntity, SessionEntity, UserEntity } from './entities';

describe('the schema', () => {
  let space: Workspace;
  let dataSource: DataSource;
  let made = 0;
  beforeAll(async () => {
    space = await Workspace.make();
    ({ dataSource } = await space.open());
  });
  afterAll(() => space.remove());

  const add = (more: Partial<InstanceEntity> = {}): Promise<InstanceEntity> => {
    const name = `n${(made += 1)}`;
    const instances = dataSource.getRepository(InstanceEntity);
    return instances.save(instances.create({ name, base_blueprint: 'a.sh', slug: name, directory: name, ...more }));
  };

  it('has the tables and columns of the entities, and no others', async () => {
    for (const { tableName, columns } of dataSource.entityMetadatas) {
      const found = (await dataSource.query(`PRAGMA table_info("${tableName}")`)) as {
        name: string;
        type: string;
        notnull: number;
      }[];
      const inTable = found.map(({ name, type, notnull }) => [name, type.toLowerCase(), notnull === 0]);
      const inEntity = columns.map((column) => [
        column.databaseName,
        dataSource.driver.normalizeType(column),
        column.isNullable || column.isGenerated,
      ]);
      expect({ tableName, columns: inTable.sort() }).toEqual({ tableName, columns: inEntity.sort() });
    }
  });

  it('runs with WAL, synchronous FULL, foreign keys and a busy timeout', async () => {
    const pragma = async (name: string) =>
      Object.values(((await dataSource.query(`PRAGMA ${name}`)) as object[])[0] ?? {})[0];
    expect(await pragma('journal_mode')).toBe('wal');
    expect(await pragma('synchronous')).toBe(2);
    expect(await pragma('foreign_keys')).toBe(1);
    expect(await pragma('busy_timeout')).toBe(10_000);
  });

  it('reads rows back as they were written', async () => {
    const written = {
      status_reason: { code: 'exited' as const, message: 'It ended.', lines: ['a', 'b'] },
      progress: { phase: 'install' as const, step: 1, steps: 7, text: 'cloning' },
      persistent_mode: true,
      restart_policy: 'always' as const,
    };
    const { id } = await add(written);
    expect(await dataSource.getRepository(InstanceEntity).findOneBy({ id })).toMatchObject({
      ...written,
      autostart: false,
      parent_instance_id: null,
    });
  });

  it('leases a public port once, over both kinds of instances', async () => {
    await add({ port: 19001 });
    await expect(add({ port: 19001 })).rejects.toThrow(/UNIQUE/);
    await expect(add({ persistent_mode: true, persistent_port: 19001 })).rejects.toThrow(/UNIQUE/);
    await add({ persistent_mode: true, port: 19001, persistent_port: 19002 });
    await expect(add({ port: 19002 })).rejects.toThrow(/UNIQUE/);
    await add({ port: null });
    await add({ port: null, persistent_port: 19002 });
  });

  it.each(['name', 'slug', 'directory', 'app_port', 'persistent_display'] as const)(
    'has each %s once',
    async (field) => {
      const value = field === 'app_port' || field === 'persistent_display' ? 77 : 'same';
      await add({ [field]: value });
      await expect(add({ [field]: value })).rejects.toThrow(/UNIQUE/);
    },
  );

  it('tells names apart by case, and user names not', async () => {
    await add({ name: 'Case' });
    await add({ name: 'case' });
    const users = dataSource.getRepository(UserEntity);
    await users.insert({ username: 'Admin', password_hash: 'x', role: 'admin' });
    await expect(users.insert({ username: 'admin', password_hash: 'x', role: 'admin' })).rejects.toThrow(/UNIQUE/);
    expect(await users.findOneBy({ username: 'ADMIN' })).toMatchObject({ username: 'Admin' });
  });

  it('refuses to delete a parent, takes the runs of an instance and the sessions and tokens of a user along', async () => {
    const parent = await add();
    const satellite = await add({ parent_instance_id: parent.id });
    const runs = dataSource.getRepository(RunEntity);
    await runs.insert({ id: 'run', instance_id: satellite.id, started_at: '2026-06-01T12:00:00.000Z' });
    await expect(dataSource.getRepository(InstanceEntity).delete(parent.id)).rejects.toThrow(/FOREIGN KEY/);
    await dataSource.getRepository(InstanceEntity).delete(satellite.id);
    expect(await runs.count()).toBe(0);

    const users = dataSource.getRepository(UserEntity);
    const { id: user_id } = await users.save({ username: 'gone', password_hash: 'x', role: 'viewer' as const });
    const at = '2026-06-01T12:00:00.000Z';
    await dataSource
      .getRepository(SessionEntity)
      .insert({ id_hash: 'h', user_id, created_at: at, last_seen_at: at, expires_at: at });
    await dataSource.getRepository(ApiTokenEntity).insert({ id: 't', user_id, name: 'ci', secret_hash: 'x' });
    await users.delete(user_id);
    expect(await dataSource.getRepository(SessionEntity).count()).toBe(0);
    expect(await dataSource.getRepository(ApiTokenEntity).count()).toBe(0);
  });

  it('never gives an id a second time', async () => {
    const { id } = await add();
    await dataSource.getRepository(InstanceEntity).delete(id);
    expect((await add()).id).toBeGreaterThan(id);
  });
});
