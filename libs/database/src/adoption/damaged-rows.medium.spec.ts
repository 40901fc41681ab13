import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Workspace } from '../../test/workspace';
import { InstanceEntity } from '../entities';

/** The table as damaged files have it: no constraint is left. */
const bare = `CREATE TABLE instances (id, parent_instance_id, name, base_blueprint, gpu_ids, autostart, persistent_mode,
  hostname, use_custom_hostname, output_path, python_version, cuda_version, torch_version, status, pid, port,
  persistent_port, persistent_display)`;

describe('adoption of damaged rows', () => {
  let space: Workspace;
  beforeEach(async () => {
    space = await Workspace.make();
  });
  afterEach(() => space.remove());

  const adopted = async () => {
    const { dataSource, report } = await space.open();
    expect(await dataSource.query('PRAGMA foreign_key_check')).toEqual([]);
    const instances = await dataSource.getRepository(InstanceEntity).find({ order: { id: 'ASC' } });
    return { instances, notes: report.adopted?.notes ?? [], report };
  };

  it('keeps every row of a table without constraints', async () => {
    await space.sql([
      bare,
      `INSERT INTO instances (id, parent_instance_id, name, base_blueprint, status, port, autostart, persistent_mode) VALUES
        (1, NULL, 'twin', 'a.sh', 'started', 19001, 1, 0), (2, NULL, 'twin', 'a.sh', 'stopped', 19001, 0, 0),
        (2, 1, NULL, NULL, NULL, 'text', 'true', NULL), ('x', 'y', x'00ff', 3.5, 7, x'01', 2, 'no'),
        (NULL, 77, char(0) || 'nul', 'b.sh', 'stopped', 80, NULL, 1)`,
    ]);
    const { instances, notes } = await adopted();
    expect(instances.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(instances.map(({ name }) => name)).size).toBe(5);
    expect(instances.map(({ parent_instance_id }) => parent_instance_id)).toEqual([null, null, 1, null, null]);
    expect(instances.map(({ autostart }) => autostart)).toEqual([true, false, true, true, false]);
    const about = (id: number) => notes.filter(({ instance_id }) => instance_id === id).map(({ field }) => field);
    expect(about(2)).toEqual(expect.arrayContaining(['name', 'directory', 'port']));
    expect(about(3)).toEqual(expect.arrayContaining(['id', 'name', 'base_blueprint', 'status', 'port', 'autostart']));
    expect(about(4)).toEqual(expect.arrayContaining(['id', 'parent_instance_id', 'name', 'base_blueprint', 'port']));
  });

  it('heals NULLs in NOT NULL columns and an index that lacks rows: values are no damage to the file', async () => {
    await space.putLegacy(6);
    await space.sql([
      'PRAGMA writable_schema = ON',
      `UPDATE sqlite_master SET sql = replace(replace(sql, 'name VARCHAR NOT NULL', 'name VARCHAR'), 'autostart BOOLEAN NOT NULL', 'autostart BOOLEAN') WHERE name = 'instances'`,
      `UPDATE sqlite_master SET sql = replace(sql, 'ON instances', 'ON instances ') WHERE name = 'ix_instances_name'`,
    ]);
    await space.sql(['UPDATE instances SET name = NULL, autostart = NULL WHERE id = 2']);
    await space.sql([
      'PRAGMA writable_schema = ON',
      `UPDATE sqlite_master SET sql = replace(replace(sql, 'name VARCHAR', 'name VARCHAR NOT NULL'), 'autostart BOOLEAN', 'autostart BOOLEAN NOT NULL') WHERE name = 'instances'`,
    ]);
    expect(await space.sql(['PRAGMA quick_check'])).not.toEqual([{ quick_check: 'ok' }]);
    const { instances, report } = await adopted();
    expect(instances.find(({ id }) => id === 2)).toMatchObject({ name: 'instance-2', autostart: false, port: 19002 });
    expect(await space.sql(['SELECT count(*) AS n FROM instances'], report.backup as string)).toEqual([{ n: 6 }]);
  });

  it.each(['dropped', 'stale'])('heals doubled names where the unique index is %s', async (kind) => {
    await space.putLegacy(6);
    const [index] = await space.sql(["SELECT rootpage, sql FROM sqlite_master WHERE name = 'ix_instances_name'"]);
    const hide = ['PRAGMA writable_schema = ON', "DELETE FROM sqlite_master WHERE name = 'ix_instances_name'"];
    await space.sql(kind === 'stale' ? hide : ['DROP INDEX ix_instances_name']);
    await space.sql(["UPDATE instances SET name = 'LM Studio' WHERE id IN (1, 9)"]);
    const row = `('index', 'ix_instances_name', 'instances', ${index?.['rootpage']}, '${index?.['sql']}')`;
    if (kind === 'stale') await space.sql(['PRAGMA writable_schema = ON', `INSERT INTO sqlite_master VALUES ${row}`]);
    const { instances, report } = await adopted();
    expect(instances.map(({ name }) => name)).toEqual(expect.arrayContaining(['LM Studio-2', 'LM Studio-3']));
    expect(instances.find(({ id }) => id === 1)).toMatchObject({ name: 'LM Studio', directory: 'LM Studio' });
    expect(await space.sql(['SELECT count(*) AS n FROM instances'], report.backup as string)).toEqual([{ n: 6 }]);
  });

  it('takes over an empty table, and 500 rows', async () => {
    await space.sql([bare]);
    expect((await adopted()).instances).toEqual([]);
    const other = await Workspace.make();
    try {
      const many = `INSERT INTO instances (id, name, base_blueprint, status, autostart, persistent_mode)
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
        SELECT i, 'Name ' || i || ' 模型', 'a.sh', 'stopped', 0, 0 FROM n`;
      await other.sql([bare, many]);
      expect((await other.open()).report.adopted).toMatchObject({ instances: 500 });
    } finally {
      await other.remove();
    }
  });
});
