import { Injectable, Logger } from '@nestjs/common';
import type { InstanceEntity, RunEntity } from '@aikore/database';
import { isActive } from '@aikore/domain';
import { InstanceRemover } from '../instance-remover';
import { InstanceStore } from '../instance-store';
import { Supervisor } from './supervisor';

/**
 * What happens to instances when the server starts: deletes that were cut off are finished, runs that outlived the last
 * server are adopted, planned restarts go on, and what is marked autostart is started.
 */
@Injectable()
export class InstanceBoot {
  private readonly logger = new Logger(InstanceBoot.name);

  constructor(
    private readonly store: InstanceStore,
    private readonly supervisor: Supervisor,
    private readonly remover: InstanceRemover,
  ) {}

  /** Adopt first, so that nothing runs twice; a problem of one instance does not stop the others. */
  async run(): Promise<void> {
    await this.remover.sweepLeftovers();
    await Promise.all((await this.store.rows()).map((row) => this.guarded(row, () => this.settle(row))));
    const rows = await this.store.rows();
    await Promise.all(rows.map((row) => this.guarded(row, () => this.wake(row))));
  }

  private async settle(row: InstanceEntity): Promise<void> {
    if (row.pending_delete) return this.remover.finish(row);
    const run = await this.store.currentRun(row);
    if (run && run.ended_at === null) return this.adopt(row, run);
    // Cut off between "starting" and the run's row: nothing was spawned.
    if (isActive(row.status)) {
      await this.store.patch(row.id, {
        status: 'stopped',
        desired_state: 'stopped',
        progress: null,
        status_reason: null,
      });
    }
    return undefined;
  }

  private async adopt(row: InstanceEntity, run: RunEntity): Promise<void> {
    await this.supervisor.adopt(row, run);
    const now = await this.store.row(row.id);
    this.logger.log(
      isActive(now.status) ? `Adopted "${row.name}" (pid ${run.pid ?? '?'})` : `"${row.name}" ended meanwhile`,
    );
  }

  private async wake(row: InstanceEntity): Promise<void> {
    if (isActive(row.status)) return;
    if (row.status === 'error' && row.desired_state === 'started') this.supervisor.resumeRetry(row.id);
    else if (row.autostart) await this.supervisor.ask(row.id, 'start');
  }

  private async guarded(row: InstanceEntity, task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.logger.error(
        `"${row.name}" could not be brought up to date: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}
