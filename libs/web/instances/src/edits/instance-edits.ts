import { Injectable, computed, effect, inject, signal } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { plainWords, updateInstance, type Instance } from '@aikore/contract';
import { ApiError, InstancesStore, SessionStore, Toasts, errorMessage } from '@aikore/web/data';
import { firstValueFrom } from 'rxjs';
import { problemLines, problemsOf, refusalOf } from './problems';
import {
  changeField,
  conflictsOf,
  describeEdit,
  dropField,
  editNeedsRestart,
  keepMine,
  patchOf,
  valuesOf,
  type RowEdit,
  type RowField,
  type RowProblems,
  type RowValues,
} from './row-edit';
import { SaveDialog, type RestartNeed, type SaveChoice, type SaveQuestion } from './save-dialog';

/** Changes of an instance that is not there any more. */
export interface Orphan {
  readonly instance: Instance;
  readonly changes: readonly string[];
}

/**
 * The unsaved changes of all rows. Live updates go past them; a save that fails, and a session that ends meanwhile, leave
 * them as they are.
 */
@Injectable({ providedIn: 'root' })
export class InstanceEdits {
  private readonly store = inject(InstancesStore);
  private readonly toasts = inject(Toasts);
  private readonly dialog = inject(MatDialog);
  private readonly session = inject(SessionStore);
  private readonly edits = signal<ReadonlyMap<number, RowEdit>>(new Map());
  private readonly refused = signal<ReadonlyMap<number, RowProblems>>(new Map());
  private readonly working = signal(false);
  /** As they were when they were last edited here. */
  private readonly seen = new Map<number, Instance>();
  private owner: string | undefined;

  readonly saving = this.working.asReadonly();
  /** Rows with changes, of instances that still exist. */
  readonly dirty = computed(() => [...this.edits().keys()].filter((id) => this.store.find(id) !== undefined));
  readonly orphans = computed<readonly Orphan[]>(() => {
    if (!this.store.current()) return [];
    return [...this.edits()].flatMap(([id, edit]) => {
      const instance = this.store.find(id) ? undefined : this.seen.get(id);
      return instance ? [{ instance, changes: describeEdit(edit, valuesOf(instance)) }] : [];
    });
  });

  constructor() {
    // Whoever logs in next must not save what somebody else typed.
    effect(() => {
      const name = this.session.me()?.username;
      if (name === undefined) return;
      if (this.owner !== undefined && this.owner !== name) this.cancel();
      this.owner = name;
    });
    addEventListener('beforeunload', (event) => {
      if (this.edits().size > 0) event.preventDefault();
    });
  }

  of(id: number): RowEdit | undefined {
    return this.edits().get(id);
  }

  problems(id: number): RowProblems | undefined {
    return this.refused().get(id);
  }

  change<F extends RowField>(instance: Instance, field: F, value: RowValues[F]): void {
    this.seen.set(instance.id, instance);
    this.put(instance.id, changeField(this.of(instance.id), valuesOf(instance), field, value));
    this.forgive(instance.id);
  }

  revert(id: number, field: RowField): void {
    this.put(id, dropField(this.of(id), field));
    this.forgive(id);
  }

  keepMine(instance: Instance, field: RowField): void {
    const edit = this.of(instance.id);
    if (!edit) return;
    this.put(instance.id, keepMine(edit, valuesOf(instance), field));
    this.forgive(instance.id);
  }

  /** Forgets the changes of one instance. */
  discard(id: number): void {
    this.put(id, null);
    this.forgive(id);
    this.seen.delete(id);
  }

  /** Puts every value back. */
  cancel(): void {
    this.edits.set(new Map());
    this.refused.set(new Map());
    this.seen.clear();
  }

  /** Saves all rows, one after another; what fails stays as it was typed and says why. */
  async save(): Promise<void> {
    if (this.working()) return;
    const rows = this.dirty();
    if (rows.length === 0 || !this.allValid(rows)) return;
    const needs = this.restartsFor(rows);
    const choice = needs.length > 0 ? await this.choose({ rows: rows.length, needs }) : 'save';
    if (!choice) return;
    this.working.set(true);
    const saved: number[] = [];
    try {
      for (const id of rows) if (await this.saveRow(id)) saved.push(id);
    } finally {
      this.working.set(false);
    }
    this.tell(rows, saved);
    if (choice === 'restart') await this.restart(needs.filter(({ id }) => saved.includes(id)));
  }

  private allValid(rows: readonly number[]): boolean {
    let valid = true;
    for (const id of rows) {
      const problems = this.check(id);
      if (problems) {
        this.refuse(id, problems);
        valid = false;
      }
    }
    return valid;
  }

  /** What the contract, or another person's change, has against a row. */
  private check(id: number): RowProblems | null {
    const [instance, edit] = [this.store.find(id), this.of(id)];
    if (!instance || !edit) return null;
    const live = valuesOf(instance);
    if (conflictsOf(edit, live).length > 0) return { '': 'Somebody else changed this too: choose one value.' };
    const patch = patchOf(edit, live, instance.revision);
    return patch ? problemsOf(updateInstance.safeParse(patch, { error: plainWords }).error?.issues ?? []) : null;
  }

  private restartsFor(rows: readonly number[]): RestartNeed[] {
    return rows.flatMap((id) => {
      const [instance, edit] = [this.store.find(id), this.of(id)];
      if (!instance || !edit || !editNeedsRestart(edit) || !instance.allowedActions.includes('restart')) return [];
      return [{ id, name: instance.name, changes: describeEdit(edit, valuesOf(instance)) }];
    });
  }

  private choose(data: SaveQuestion): Promise<SaveChoice | undefined> {
    const options = { data, width: '460px', role: 'alertdialog' } as const;
    return firstValueFrom(this.dialog.open<SaveDialog, SaveQuestion, SaveChoice>(SaveDialog, options).afterClosed());
  }

  private async saveRow(id: number, retries = 1): Promise<boolean> {
    const [instance, edit] = [this.store.find(id), this.of(id)];
    if (!instance || !edit) return false;
    const patch = patchOf(edit, valuesOf(instance), instance.revision);
    try {
      if (patch) await this.store.update(id, patch);
      this.discard(id);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.code === 'stale_revision' && (await this.reloaded(id))) {
        // Somebody saved other fields meanwhile: that is no conflict.
        if (retries > 0 && !this.check(id)) return this.saveRow(id, retries - 1);
        this.refuse(id, this.check(id) ?? { '': error.message });
        return false;
      }
      this.refuse(id, error instanceof ApiError ? refusalOf(error) : { '': errorMessage(error) });
      return false;
    }
  }

  /** One message for all rows. */
  private tell(rows: readonly number[], saved: readonly number[]): void {
    const failed = rows.filter((id) => !saved.includes(id));
    if (failed.length > 0) {
      const why = [...new Set(failed.flatMap((id) => problemLines(this.problems(id))))].slice(0, 3).join(' · ');
      const name = this.store.find(failed[0] ?? 0)?.name ?? this.seen.get(failed[0] ?? 0)?.name ?? '';
      this.toasts.error(
        failed.length === 1 ? `“${name}” was not saved` : `${failed.length} instances were not saved`,
        why,
      );
    }
    if (saved.length > 0) {
      this.toasts.success(saved.length === 1 ? 'Change saved' : `Changes of ${saved.length} instances saved`);
    }
  }

  private async restart(needs: readonly RestartNeed[]): Promise<void> {
    for (const { id, name } of needs) {
      await this.store
        .act(id, 'restart')
        .catch((error: unknown) => this.toasts.error(`“${name}” could not be restarted`, error));
    }
  }

  private async reloaded(id: number): Promise<boolean> {
    return this.store.reload(id).then(
      () => true,
      () => false,
    );
  }

  private put(id: number, edit: RowEdit | null): void {
    const next = new Map(this.edits());
    if (edit) next.set(id, edit);
    else next.delete(id);
    this.edits.set(next);
  }

  private refuse(id: number, problems: RowProblems): void {
    this.refused.set(new Map(this.refused()).set(id, problems));
  }

  private forgive(id: number): void {
    if (!this.refused().has(id)) return;
    const next = new Map(this.refused());
    next.delete(id);
    this.refused.set(next);
  }
}
