import type { DataSource, EntityManager } from 'typeorm';
import { activeRunner, currentTransaction } from './serialised-runner';

/**
 * Runs units of work that hold together: all of it is in the database afterwards, or nothing.
 *
 * SQLite has one writer and TypeORM gives its `sqlite` driver one connection, which all requests would share: without
 * care a write of one request lands inside another's transaction and goes with its rollback. `openDatabase` puts a
 * queue before the connection (see serialised-runner.ts): a transaction holds it to its end, any other statement
 * for itself. So keep the work short, and never wait in it for anything but the database.
 */
export class Transactions {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs `work` in a transaction; commits when it resolves, rolls back and rethrows when it rejects.
   * Everything that `work` awaits takes part, through `manager` or through any repository of the data source.
   * Called within another `run`, it is a savepoint of that one.
   *
   * @returns what `work` resolves to; by then the commit is on the disk.
   */
  run<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const outer = activeRunner();
    return outer ? outer.manager.transaction(work) : this.begin(work);
  }

  private async begin<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const transaction = { runner: this.dataSource.createQueryRunner(), active: true };
    try {
      return await currentTransaction.run(transaction, () => transaction.runner.manager.transaction(work));
    } finally {
      transaction.active = false;
    }
  }
}
