import type { AdoptionNote } from '@aikore/contract';
import type { PortRange } from '@aikore/domain';
import { DataSource } from 'typeorm';
import { describeAdoption } from './adoption/describe-adoption';
import { listAdoptionNotes } from './adoption/list-notes';
import { entities } from './entities';
import { backUp } from './backup';
import { inspectFile, type Inspection } from './inspect-file';
import type { MigrationContext } from './migration-context';
import { migrationNames, migrations } from './migrations';
import { serialiseRunners } from './serialised-runner';
import { StatementLogger } from './statement-logger';

export interface OpenDatabaseOptions {
  /** Path of `aikore.db`; made when missing or empty. */
  file: string;
  backupsDir: string;
  /** Public ports that the server may lease; decides what adoption resets to Auto. */
  portRange: PortRange;
  /** Names the backups; the newest migration's name when absent. */
  appVersion?: string;
  now?: () => Date;
  logger?: { log(message: string): void };
  /** For tests: called with each statement before it runs. */
  onStatement?: (sql: string) => void;
}

/** What happened to the file at this start. */
export interface OpenReport {
  created: boolean;
  /** Names of the migrations that ran. */
  migrations: string[];
  /** Path of the backup that was made before they ran. */
  backup: string | null;
  /** Set when the database of an older AiKore was taken over. */
  adopted: { version: number; instances: number; notes: AdoptionNote[] } | null;
}

export interface OpenedDatabase {
  dataSource: DataSource;
  report: OpenReport;
}

/**
 * Opens the database of a data folder, and brings it to this version first: checks the file, backs it up when
 * migrations are pending, runs each of them in a transaction. Killed at any moment, the next call carries on.
 *
 * What has been written when a promise of the data source resolves is on the disk (WAL, `synchronous = FULL`).
 * The caller holds the lock of the data folder (`lockDataDir`).
 *
 * @throws DatabaseRefusedError when the file is damaged, of a newer version, or not AiKore's; it is left as it is.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<OpenedDatabase> {
  const inspection = await inspectFile(options.file, migrationNames);
  const pending = migrationNames.filter((name) => inspection.kind !== 'ours' || !inspection.executed.includes(name));
  const backup = inspection.kind === 'new' || pending.length === 0 ? null : await backUpFor(options, pending);
  if (backup) options.logger?.log(`Backed up the database to ${backup} before its schema changes.`);
  const dataSource = await connect(options);
  try {
    await dataSource.runMigrations({ transaction: 'each' });
    const report = await reportOn(dataSource, inspection, pending, backup);
    if (report.adopted) options.logger?.log(describeAdoption(report.adopted));
    return { dataSource, report };
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

function backUpFor(options: OpenDatabaseOptions, pending: readonly string[]): Promise<string> {
  const { file, backupsDir, onStatement, now = () => new Date() } = options;
  return backUp({ file, backupsDir, target: options.appVersion ?? pending.at(-1) ?? 'start', now: now(), onStatement });
}

async function connect({ file, portRange, onStatement, now }: OpenDatabaseOptions): Promise<DataSource> {
  const extra: MigrationContext = { portRange, now: now ?? (() => new Date()) };
  const dataSource = new DataSource({
    type: 'sqlite',
    database: file,
    enableWAL: true,
    busyTimeout: 10_000,
    entities,
    migrations,
    extra,
    ...(onStatement ? { logger: new StatementLogger(onStatement), logging: true } : {}),
  });
  serialiseRunners(dataSource);
  await dataSource.initialize();
  await dataSource.query('PRAGMA synchronous = FULL');
  return dataSource;
}

async function reportOn(
  dataSource: DataSource,
  inspection: Inspection,
  pending: string[],
  backup: string | null,
): Promise<OpenReport> {
  const base = { created: inspection.kind === 'new', migrations: pending, backup };
  if (inspection.kind !== 'legacy') return { ...base, adopted: null };
  const notes = await listAdoptionNotes(dataSource);
  const [row] = await dataSource.query<{ n: number }[]>('SELECT count(*) AS n FROM instances');
  return { ...base, adopted: { version: inspection.version, instances: row?.n ?? 0, notes } };
}
