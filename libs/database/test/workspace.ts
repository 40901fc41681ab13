import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { openDatabase, type OpenDatabaseOptions, type OpenedDatabase } from '../src';
import { RawConnection, type SqlRow } from '../src/raw-connection';

const fixtures = join(import.meta.dirname, 'fixtures');

interface Fixture {
  journal_mode: string;
  columns: string[];
  ddl: string[];
  meta: [string, string][] | null;
  rows: Record<string, string | number | null>[];
}

/** What stands in the original's databases in `fixtures/`, by file name. */
export const legacyFixtures = JSON.parse(readFileSync(join(fixtures, 'fixtures.json'), 'utf8')) as Record<
  string,
  Fixture
>;

export const legacyVersions = [1, 2, 3, 4, 5, 6] as const;
export const fixtureOf = (version: number): Fixture => legacyFixtures[`aikore_v${version}.db`] as Fixture;

/** A data folder of its own, and what tests do with the database in it. */
export class Workspace {
  private readonly opened: DataSource[] = [];

  private constructor(readonly dir: string) {}

  static async make(): Promise<Workspace> {
    return new Workspace(await mkdtemp(join(tmpdir(), 'aikore-db-')));
  }

  get file(): string {
    return join(this.dir, 'aikore.db');
  }

  get backupsDir(): string {
    return join(this.dir, 'backups');
  }

  get options(): OpenDatabaseOptions {
    return {
      file: this.file,
      backupsDir: this.backupsDir,
      portRange: { from: 19001, to: 19020 },
      now: () => new Date('2026-06-01T12:00:00.000Z'),
    };
  }

  async putLegacy(version: number): Promise<void> {
    await cp(join(fixtures, `aikore_v${version}.db`), this.file);
  }

  async open(options: Partial<OpenDatabaseOptions> = {}): Promise<OpenedDatabase> {
    const opened = await openDatabase({ ...this.options, ...options });
    this.opened.push(opened.dataSource);
    return opened;
  }

  /** Runs SQL on a file without AiKore; makes the file when it is missing. */
  async sql(statements: string[], file = this.file): Promise<SqlRow[]> {
    const db = await RawConnection.open(file, { create: true });
    try {
      let rows: SqlRow[] = [];
      for (const statement of statements) rows = await db.all(statement);
      return rows;
    } finally {
      await db.close();
    }
  }

  async closeAll(): Promise<void> {
    for (const dataSource of this.opened.splice(0)) if (dataSource.isInitialized) await dataSource.destroy();
  }

  async remove(): Promise<void> {
    await this.closeAll();
    await rm(this.dir, { recursive: true, force: true });
  }
}

/** Bytes of the database and of what SQLite keeps beside it; null: no such file. */
export const bytesOf = (file: string): Record<string, Buffer | null> =>
  Object.fromEntries(
    ['', '-wal', '-journal'].map((part) => [part, existsSync(file + part) ? readFileSync(file + part) : null]),
  );
