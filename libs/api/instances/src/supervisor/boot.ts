import { Injectable, Logger } from '@nestjs/common';
import { AppError } from '@aikore/api/kernel';
import type { InstanceEntity } from '@aikore/database';
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
    void this.sweepAgain(rows.filter(({ status, current_run_id }) => !isActive(status) && current_run_id !== null));
  }

  private async settle(row: InstanceEntity): Promise<void> {
    if (row.pending_delete) {
      await this.supervisor.exclusively(row.id, (now) => this.remover.finish(now));
      return;
    }
    const run = await this.store.currentRun(row);
    if (run && run.ended_at === null) {
      const now = await this.supervisor.adopt(row.id);
      this.logger.log(
        isActive(now.status) ? `Adopted "${row.name}" (pid ${run.pid ?? '?'})` : `"${row.name}" ended meanwhile`,
      );
    } else if (isActive(row.status)) {
      // Cut off before anything was spawned. What was wanted stays: `wake` begins again.
      await this.store.patch(row.id, { status: 'stopped', progress: null, status_reason: null });
    }
  }

  private async wake(row: InstanceEntity): Promise<void> {
    if (isActive(row.status) || row.pending_delete) return;
    if (row.status === 'error' && row.desired_state === 'started') this.supervisor.resumeRetry(row.id);
    else if (row.autostart || row.desired_state === 'started') await this.autostart(row.id);
  }

  private async autostart(id: number): Promise<void> {
    try {
      await this.supervisor.ask(id, 'start');
    } catch (error) {
      // A start that failed is told by the supervisor: in the server's log and as the reason of the status.
      if (!(error instanceof AppError)) throw error;
    }
  }

  /** The last server may have been cut off while it removed what an ended app left behind. One after the other: each looks through all processes. */
  private async sweepAgain(rows: readonly InstanceEntity[]): Promise<void> {
    for (const row of rows) await this.guarded(row, () => this.supervisor.sweepAgain(row.id));
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
