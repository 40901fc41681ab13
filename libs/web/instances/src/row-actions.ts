import { Injectable, inject, signal } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type { Instance, InstanceAction } from '@aikore/contract';
import { ApiError, InstancesStore, Toasts } from '@aikore/web/data';
import { Ask } from '@aikore/web/ui';
import { firstValueFrom } from 'rxjs';
import { DeleteDialog, type DeleteMode } from './delete-dialog';

const done: Record<InstanceAction, string> = { start: 'started', stop: 'stopped', restart: 'restarted' };

/** What the buttons of a row do. Every failure becomes a message that stays. */
@Injectable()
export class RowActions {
  private readonly store = inject(InstancesStore);
  private readonly toasts = inject(Toasts);
  private readonly dialog = inject(MatDialog);
  private readonly ask = inject(Ask);
  private readonly running = signal<ReadonlySet<number>>(new Set());

  busy(id: number): boolean {
    return this.running().has(id);
  }

  async act(instance: Instance, action: InstanceAction): Promise<void> {
    await this.during(instance, `“${instance.name}” could not be ${done[action]}`, () =>
      this.store.act(instance.id, action),
    );
  }

  /** Opens the app in a new tab. */
  async open(instance: Instance): Promise<void> {
    // The tab is made at once, in answer to the click: after the request a browser would block it.
    const tab = window.open('', '_blank');
    await this.during(instance, `“${instance.name}” could not be opened`, async () => {
      try {
        const url = await this.store.open(instance.id);
        if (!tab) throw new Error('The browser blocked the new tab. Allow pop-ups for this page.');
        tab.opener = null;
        tab.location.href = url;
      } catch (error) {
        tab?.close();
        throw error;
      }
    });
  }

  async remove(instance: Instance): Promise<void> {
    const dialog = this.dialog.open<DeleteDialog, Instance, DeleteMode>(DeleteDialog, {
      data: instance,
      width: '460px',
    });
    const mode = await firstValueFrom(dialog.afterClosed());
    if (!mode) return;
    await this.during(instance, `“${instance.name}” was not deleted`, async () => {
      if (!(await this.removed(instance, mode))) return;
      this.toasts.success(`“${instance.name}” was ${mode === 'trash' ? 'moved to the trash' : 'deleted'}`);
    });
  }

  /** @returns false when the person thought better of it. */
  private async removed(instance: Instance, mode: DeleteMode): Promise<boolean> {
    try {
      await this.store.remove(instance.id, mode);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'trash_conflict') throw error;
      const overwrite = await this.ask.confirm({
        title: 'Overwrite what is in the trash?',
        message: `The trash already holds a “${instance.name}”. It would be gone for good.`,
        confirm: 'Overwrite',
        dangerous: true,
      });
      if (!overwrite) return false;
      await this.store.remove(instance.id, mode, true);
    }
    return true;
  }

  private async during(instance: Instance, failure: string, work: () => Promise<void>): Promise<void> {
    this.running.set(new Set(this.running()).add(instance.id));
    try {
      await work();
    } catch (error) {
      this.toasts.error(failure, error);
    } finally {
      const rest = new Set(this.running());
      rest.delete(instance.id);
      this.running.set(rest);
    }
  }
}
