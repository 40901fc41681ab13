import { AsyncLocalStorage } from 'node:async_hooks';
import type { DataSource, QueryRunner } from 'typeorm';
import type { SqliteDriver } from 'typeorm/driver/sqlite/SqliteDriver.js';
import { SqliteQueryRunner } from 'typeorm/driver/sqlite/SqliteQueryRunner.js';
import { TurnQueue, type Leave } from './turn-queue';

/**
 * The transaction that the running code belongs to, if any: see `Transactions.run`. Timers and listeners that were made
 * inside one keep this context for good, hence `active`.
 */
export const currentTransaction = new AsyncLocalStorage<{ runner: QueryRunner; active: boolean }>();

export function activeRunner(): QueryRunner | undefined {
  const transaction = currentTransaction.getStore();
  return transaction?.active ? transaction.runner : undefined;
}

type QueryOutcome = Awaited<ReturnType<SqliteQueryRunner['query']>>;

/**
 * A query runner that shares the one SQLite connection in turns: a transaction holds it from BEGIN to COMMIT or
 * ROLLBACK, any other statement while it runs. TypeORM's own has one runner for everybody, so that a rollback also
 * takes back what other requests have already been told is stored.
 */
class SerialisedQueryRunner extends SqliteQueryRunner {
  private leave: Leave | null = null;

  constructor(
    driver: SqliteDriver,
    private readonly turns: TurnQueue,
  ) {
    super(driver);
  }

  override async query(...query: Parameters<SqliteQueryRunner['query']>): Promise<QueryOutcome> {
    if (this.leave) return super.query(...query);
    const leave = await this.turns.enter();
    try {
      return await super.query(...query);
    } finally {
      leave();
    }
  }

  override async startTransaction(isolation?: 'READ UNCOMMITTED' | 'SERIALIZABLE'): Promise<void> {
    if (this.leave) return super.startTransaction(isolation);
    this.leave = await this.turns.enter();
    try {
      await super.startTransaction(isolation);
    } catch (error) {
      this.end();
      throw error;
    }
  }

  override async commitTransaction(): Promise<void> {
    await super.commitTransaction();
    if (!this.isTransactionActive) this.end();
  }

  override async rollbackTransaction(): Promise<void> {
    const outermost = this.transactionDepth <= 1;
    try {
      await super.rollbackTransaction();
    } finally {
      // Also when ROLLBACK itself fails: on a full disk SQLite has rolled back by then (lang_transaction.html).
      if (outermost) this.end();
    }
  }

  private end(): void {
    this.isTransactionActive = false;
    this.transactionDepth = 0;
    this.leave?.();
    this.leave = null;
  }
}

/** Milliseconds that a statement waits for a transaction of somebody else; they take a few. */
const patience = 30_000;

/** Gives every caller of `dataSource` its own runner, in turns; code inside `Transactions.run` gets that one's. */
export function serialiseRunners(dataSource: DataSource): void {
  const driver = dataSource.driver as SqliteDriver;
  const turns = new TurnQueue(patience);
  driver.createQueryRunner = () => activeRunner() ?? new SerialisedQueryRunner(driver, turns);
}
