import { Injectable, Logger } from '@nestjs/common';
import type { InstanceEntity } from '@aikore/database';
import { isActive } from '@aikore/domain';
import { InstanceRemover } from '../instance-remover';
import { InstanceStore } from '../instance-store';
import { RoutePublisher } from '../route-publisher';
import { Supervisor } from './supervisor';

/** What happens to instances when the server starts. A problem of one instance does not stop the others. */
@Injectable()
export class InstanceBoot {
  private readonly logger = new Logger(InstanceBoot.name);

  constructor(
    private readonly store: InstanceStore,
    private readonly supervisor: Supervisor,
    private readonly remover: InstanceRemover,
    private readonly routes: RoutePublisher,
  ) {}

  /**
   * Before anybody is let in: what outlived the last server is adopted, and deletes that were cut off are finished. Until
   * then the database tells what was, so that nobody may act on it, and no app is reached.
   */
  async adopt(): Promise<void> {
    await this.each(await this.store.rows(), (row) => this.takeStock(row));
    await this.routes.begin();
  }

  /** Beside the first requests: planned restarts go on, what is marked autostart is started, and leftovers are removed. */
  async wake(): Promise<void> {
    const rows = await this.store.rows();
    await this.each(rows, ({ id }) => this.supervisor.wake(id));
    await this.remover.sweepLeftovers();
    // The last server may have been cut off while it removed what an ended app left behind. One after the other: each
    // look goes through all processes.
    const ended = rows.filter(({ status, current_run_id }) => !isActive(status) && current_run_id !== null);
    for (const row of ended) await this.guarded(row, ({ id }) => this.supervisor.sweepAgain(id));
  }

  private async takeStock(row: InstanceEntity): Promise<void> {
    if (row.pending_delete) await this.supervisor.exclusively(row.id, (now) => this.remover.finish(now));
    else await this.supervisor.takeStock(row.id);
  }

  private async each(rows: readonly InstanceEntity[], task: (row: InstanceEntity) => Promise<unknown>): Promise<void> {
    await Promise.all(rows.map((row) => this.guarded(row, task)));
  }

  private async guarded(row: InstanceEntity, task: (row: InstanceEntity) => Promise<unknown>): Promise<void> {
    try {
      await task(row);
    } catch (error) {
      this.logger.error(
        `"${row.name}" could not be brought up to date: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}
