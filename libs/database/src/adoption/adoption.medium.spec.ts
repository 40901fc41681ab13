import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fixtureOf, legacyVersions, Workspace } from '../../test/workspace';
import { AdoptionNoteEntity, InstanceEntity } from '../entities';
import { RawConnection } from '../raw-connection';

/** Columns whose values are not kept in the column, but in a note. */
const dropped = new Set(['status', 'pid']);

const slugs = [
  'comfyui-main',
  'flux-gym-entrainement-n2',
  'its-a-quoted-boddb-name-100',
  'lm-studio',
  'app',
  'comfyui-main-instance',
];

describe('adoption of an older database', () => {
  let space: Workspace;
  beforeEach(async () => {
    space = await Workspace.make();
  });
  afterEach(() => space.remove());

  describe.each(legacyVersions)('of version %i', (version) => {
    const { rows, columns, journal_mode } = fixtureOf(version);

    it('keeps every row and value', async () => {
      await space.putLegacy(version);
      const { dataSource, report } = await space.open();
      const adopted = (await dataSource.query('SELECT * FROM instances ORDER BY id')) as Record<string, unknown>[];
      const notes = await dataSource.getRepository(AdoptionNoteEntity).find();
      expect(adopted).toHaveLength(rows.length);
      expect(report.adopted).toMatchObject({ version, instances: rows.length });
      expect(report.adopted?.notes).toMatchObject(notes);
      expect(report.adopted?.notes.map(({ instance_name }) => instance_name)).toEqual(
        notes.map(({ instance_id }) => adopted.find(({ id }) => id === instance_id)?.['name'] ?? null),
      );
      rows.forEach((row, index) => {
        const kept = Object.fromEntries(columns.filter((name) => !dropped.has(name)).map((name) => [name, row[name]]));
        expect(adopted[index]).toMatchObject(kept);
        const noted = (field: string) => notes.find((note) => note.instance_id === row['id'] && note.field === field);
        expect(noted('status')?.old_value ?? 'stopped').toBe(row['status']);
        expect(noted('pid')?.old_value ?? null).toBe(row['pid'] === null ? null : String(row['pid']));
      });
    });

    it('gives each row what the new schema has besides', async () => {
      await space.putLegacy(version);
      const { dataSource } = await space.open();
      const instances = await dataSource.getRepository(InstanceEntity).find({ order: { id: 'ASC' } });
      expect(instances.map(({ slug }) => slug)).toEqual(slugs);
      instances.forEach((instance) => {
        expect(instance).toMatchObject({
          status: 'stopped',
          desired_state: 'stopped',
          restart_policy: 'never',
          restarts: 0,
          revision: 1,
          needs_restart: false,
          created_at: '2026-06-01T12:00:00.000Z',
          status_since: '2026-06-01T12:00:00.000Z',
        });
      });
      const byPosition = [...instances].sort((a, b) => a.position - b.position).map(({ id }) => id);
      expect(byPosition).toEqual(version >= 5 ? [1, 9, 2, 3, 4, 7] : [1, 2, 3, 4, 7, 9]);
    });

    it('keeps each folder name, but for the one that is a path', async () => {
      await space.putLegacy(version);
      const { dataSource, report } = await space.open();
      const instances = await dataSource.getRepository(InstanceEntity).find({ order: { id: 'ASC' } });
      const folders = instances.map(({ directory }) => directory);
      // `…<b>odd</b>…` holds a slash: the original nested its folder.
      expect(folders).toEqual(rows.map((row) => (row['id'] === 3 ? 'its-a-quoted-bodd-b-name-100' : row['name'])));
      expect(report.adopted?.notes.filter(({ field }) => field === 'directory')).toHaveLength(1);
    });

    it('has made a backup that opens and holds the old rows', async () => {
      await space.putLegacy(version);
      const { report } = await space.open({ appVersion: '0.1.0' });
      expect(await readdir(space.backupsDir)).toEqual(['aikore-2026-06-01T12-00-00.000Z-before-0.1.0.db']);
      const backup = report.backup as string;
      expect(await space.sql(['PRAGMA integrity_check'], backup)).toEqual([{ integrity_check: 'ok' }]);
      expect(await space.sql(['SELECT * FROM instances ORDER BY id'], backup)).toEqual(rows);
    });

    it('is done in one start, and never again', async () => {
      await space.putLegacy(version);
      expect(await space.sql(['PRAGMA journal_mode'])).toEqual([{ journal_mode }]);
      const first = await space.open();
      const before = await first.dataSource.query('SELECT * FROM instances ORDER BY id');
      await space.closeAll();
      const { dataSource, report } = await space.open();
      expect(report).toEqual({ created: false, migrations: [], backup: null, adopted: null });
      expect(await dataSource.query('SELECT * FROM instances ORDER BY id')).toEqual(before);
      const tables = (await dataSource.query("SELECT name FROM sqlite_master WHERE type = 'table'")) as {
        name: string;
      }[];
      expect(tables.map(({ name }) => name)).not.toContain('aikore_meta');
      expect(await dataSource.query('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
      expect(await readdir(space.backupsDir)).toHaveLength(1);
    });
  });

  it('keeps the V6 columns of a file whose schema_version row is missing', async () => {
    await space.putLegacy(6);
    await space.sql(['DELETE FROM aikore_meta']);
    const { dataSource, report } = await space.open();
    const [row] = await dataSource.getRepository(InstanceEntity).findBy({ id: 1 });
    expect(row).toMatchObject({ python_version: '3.12', cuda_version: '12.8', torch_version: '2.9.1' });
    expect(report.adopted).toMatchObject({ version: 6 });
    expect(report.adopted?.notes).toContainEqual(
      expect.objectContaining({ field: 'schema_version', old_value: null, new_value: '6', instance_id: null }),
    );
  });

  it('keeps the V6 columns of a file that is stamped 4, as the original’s step to V4 left it', async () => {
    await space.putLegacy(6);
    await space.sql(["UPDATE aikore_meta SET value = '4'", "INSERT INTO aikore_meta VALUES ('theme', 'dark')"]);
    const { dataSource, report } = await space.open();
    expect(await dataSource.getRepository(InstanceEntity).countBy({ torch_version: '2.9.1' })).toBe(2);
    expect(report.adopted?.notes).toContainEqual(
      expect.objectContaining({ field: 'aikore_meta.theme', old_value: 'dark' }),
    );
  });

  it('takes over rows that are only in the WAL', async () => {
    const live = join(space.dir, 'live.db');
    await space.putLegacy(6);
    await cp(space.file, live);
    const writer = await RawConnection.open(live);
    await writer.all("UPDATE instances SET hostname = 'only.in.wal' WHERE id = 2");
    for (const part of ['', '-wal']) await cp(live + part, space.file + part);
    await writer.close();
    const { dataSource, report } = await space.open();
    const repository = dataSource.getRepository(InstanceEntity);
    expect(await repository.findOneBy({ id: 2 })).toMatchObject({ hostname: 'only.in.wal' });
    expect(await space.sql(['SELECT hostname FROM instances WHERE id = 2'], report.backup as string)).toEqual([
      { hostname: 'only.in.wal' },
    ]);
  });
});
