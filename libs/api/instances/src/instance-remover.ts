import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import { AppError, DataLayout } from '@aikore/api/kernel';
import type { InstanceEntity } from '@aikore/database';
import { isActive } from '@aikore/domain';
import { Files } from '@aikore/platform';
import { InstanceStore } from './instance-store';

type Mode = 'trash' | 'permanent';
/** Apps write into the same temporary folder, under names of their own. */
const leftoverPrefix = '.aikore-deleted-';

/**
 * Deletes instances. The intent is written first, then the folder moves with one rename, then the row goes: cut off
 * anywhere, `finish` at the next boot carries on, and no folder is ever unknown to the database.
 */
@Injectable()
export class InstanceRemover {
  private readonly logger = new Logger(InstanceRemover.name);
  /** One at a time: two would stumble over each other's files. */
  private sweeps: Promise<void> = Promise.resolve();

  constructor(
    private readonly layout: DataLayout,
    private readonly store: InstanceStore,
    private readonly files: Files,
  ) {}

  /**
   * Delete a stopped instance. The caller holds its mailbox.
   *
   * @param overwrite replace an entry of the same name in the trash
   * @throws AppError `wrong_state`, `has_satellites`, `trash_conflict`; then nothing has changed
   */
  async remove(row: InstanceEntity, mode: Mode, overwrite: boolean): Promise<void> {
    if (isActive(row.status)) {
      throw new AppError('wrong_state', `"${row.name}" is ${row.status}. Stop it before deleting it.`);
    }
    if (row.status_reason?.code === 'survivors') {
      throw new AppError(
        'wrong_state',
        `Something of "${row.name}" still runs and may write into its folder. Press Stop to end it, then delete.`,
      );
    }
    const satellites = await this.store.satellites(row.id);
    if (satellites.length > 0) {
      const names = satellites.map(({ name }) => `"${name}"`).join(', ');
      throw new AppError(
        'has_satellites',
        `"${row.name}" has satellites that use its environment: ${names}. Delete them first.`,
      );
    }
    if (mode === 'trash' && !overwrite && (await this.wouldOverwrite(row))) {
      throw new AppError(
        'trash_conflict',
        `The trash holds a "${row.directory}" already. Overwrite it, or delete permanently.`,
      );
    }
    const intended = await this.store.patch(row.id, { pending_delete: mode });
    try {
      await this.finish(intended);
    } catch (error) {
      // Nothing was moved: the instance is whole, and can be used or deleted again.
      if (await this.files.exists(this.layout.instance(row.directory))) {
        await this.store.patch(row.id, { pending_delete: null });
      }
      throw error;
    }
  }

  /** Carry out a delete whose intent is written down; fine to call again. */
  async finish(row: InstanceEntity): Promise<void> {
    const folder = this.layout.instance(row.directory);
    if (await this.files.exists(folder)) {
      if (row.pending_delete === 'trash') await this.toTrash(row.directory, folder);
      else await this.moveAside(folder);
    }
    await this.store.remove(row.id);
    void this.sweepLeftovers();
  }

  /** Empty what permanent deletes and overwritten trash left in the temporary folder: minutes, where an environment was. */
  sweepLeftovers(): Promise<void> {
    return (this.sweeps = this.sweeps.then(() => this.emptyLeftovers()));
  }

  private async emptyLeftovers(): Promise<void> {
    const names = await this.files.list(this.layout.temp).catch(() => []);
    for (const name of names) {
      if (!name.startsWith(leftoverPrefix)) continue;
      await this.files.removeTree(join(this.layout.temp, name)).catch((error: unknown) => {
        this.logger.warn(`${name} in the temporary folder could not be deleted: ${String(error)}`);
      });
    }
  }

  private async wouldOverwrite(row: InstanceEntity): Promise<boolean> {
    const [folder, target] = [this.layout.instance(row.directory), join(this.layout.trash, row.directory)];
    return (await this.files.exists(folder)) && (await this.files.exists(target));
  }

  private async toTrash(directory: string, folder: string): Promise<void> {
    await this.files.ensureDir(this.layout.trash);
    const target = join(this.layout.trash, directory);
    if (await this.files.exists(target)) await this.moveAside(target);
    await this.files.moveDirectory(folder, target);
  }

  private async moveAside(folder: string): Promise<void> {
    await this.files.ensureDir(this.layout.temp);
    await this.files.moveDirectory(folder, join(this.layout.temp, `${leftoverPrefix}${randomUUID()}`));
  }
}
