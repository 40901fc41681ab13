import { Injectable, inject, signal } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { routes, type AllowedAction, type Instance, type InstanceAction, type Role } from '@aikore/contract';
import { ApiError, InstancesStore, SessionStore, Toasts, Tools } from '@aikore/web/data';
import { Ask, openTab } from '@aikore/web/ui';
import { firstValueFrom } from 'rxjs';
import { DeleteDialog, type DeleteMode } from './delete-dialog';

/** `view` and `logs` are tools of the frame. */
export type RowAction = InstanceAction | 'open' | 'view' | 'logs' | 'delete';

/** Who may, beside what the instance allows: the role that its route asks for. */
const roleFor: Record<AllowedAction, Role> = {
  start: routes.actOnInstance.access as Role,
  stop: routes.actOnInstance.access as Role,
  restart: routes.actOnInstance.access as Role,
  open: routes.openInstance.access as Role,
  edit: routes.updateInstance.access as Role,
  delete: routes.deleteInstance.access as Role,
};

const done: Record<InstanceAction, string> = { start: 'started', stop: 'stopped', restart: 'restarted' };

/** What the buttons of a row do. Every failure becomes a message that stays. */
@Injectable()
export class RowActions {
  private readonly store = inject(InstancesStore);
  private readonly toasts = inject(Toasts);
  private readonly dialog = inject(MatDialog);
  private readonly ask = inject(Ask);
  private readonly tools = inject(Tools);
  private readonly session = inject(SessionStore);
  private readonly running = signal<ReadonlySet<number>>(new Set());

  busy(id: number): boolean {
    return this.running().has(id);
  }

  /** True when the instance allows it now, and this person's role does too. */
  can(instance: Instance, action: AllowedAction): boolean {
    return instance.allowedActions.includes(action) && this.session.may(roleFor[action]);
  }

  async run(instance: Instance, action: RowAction): Promise<void> {
    if (action === 'logs' || action === 'view') this.tools.open(action, instance.id);
    else if (action === 'open') await this.open(instance);
    else if (action === 'delete') await this.remove(instance);
    else await this.act(instance, action);
  }

  private async act(instance: Instance, action: InstanceAction): Promise<void> {
    await this.during(instance, `“${instance.name}” could not be ${done[action]}`, () =>
      this.store.act(instance.id, action),
    );
  }

  private async open(instance: Instance): Promise<void> {
    await this.during(instance, `“${instance.name}” could not be opened`, () =>
      openTab(() => this.store.open(instance.id)),
    );
  }

  private async remove(instance: Instance): Promise<void> {
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
