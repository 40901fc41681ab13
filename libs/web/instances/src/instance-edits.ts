import { Injectable, computed, inject, signal } from '@angular/core';
import { plainWords, updateInstance, type Instance } from '@aikore/contract';
import { ApiError, InstancesStore, Toasts, errorMessage } from '@aikore/web/data';
import { Ask } from '@aikore/web/ui';
import {
  changeField,
  conflictsOf,
  describeEdit,
  dropField,
  editNeedsRestart,
  fieldNames,
  keepMine,
  patchOf,
  valuesOf,
  type RowEdit,
  type RowField,
  type RowValues,
} from './row-edit';

/** What is wrong with a row's values, by field; the empty key is for the row as a whole. */
export type RowProblems = Partial<Record<RowField | '', string>>;

/** The unsaved changes of all rows. Live updates go past them; saving shows what cannot be saved. */
@Injectable()
export class InstanceEdits {
  private readonly store = inject(InstancesStore);
  private readonly toasts = inject(Toasts);
  private readonly ask = inject(Ask);
  private readonly edits = signal<ReadonlyMap<number, RowEdit>>(new Map());
  private readonly refused = signal<ReadonlyMap<number, RowProblems>>(new Map());
  private readonly working = signal(false);

  readonly saving = this.working.asReadonly();
  /** Rows with changes, of instances that still exist. */
  readonly dirty = computed(() => [...this.edits().keys()].filter((id) => this.store.find(id) !== undefined));

  of(id: number): RowEdit | undefined {
    return this.edits().get(id);
  }

  problems(id: number): RowProblems | undefined {
    return this.refused().get(id);
  }

  change<F extends RowField>(instance: Instance, field: F, value: RowValues[F]): void {
    this.put(instance.id, changeField(this.of(instance.id), valuesOf(instance), field, value));
    this.forgive(instance.id);
  }

  revert(id: number, field: RowField): void {
    this.put(id, dropField(this.of(id), field));
    this.forgive(id);
  }

  keepMine(instance: Instance, field: RowField): void {
    const edit = this.of(instance.id);
    if (edit) this.put(instance.id, keepMine(edit, valuesOf(instance), field));
  }

  /** Puts every value back. */
  cancel(): void {
    this.edits.set(new Map());
    this.refused.set(new Map());
  }

  /** Saves all rows, one after another; what fails stays as it was typed. */
  async save(): Promise<void> {
    if (this.working()) return;
    const rows = this.dirty();
    if (rows.length === 0 || !this.allValid(rows) || !(await this.agreed(rows))) return;
    this.working.set(true);
    let saved = 0;
    for (const id of rows) if (await this.saveRow(id)) saved++;
    this.working.set(false);
    if (saved > 0) this.toasts.success(saved === 1 ? 'Change saved' : `Changes of ${saved} instances saved`);
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

  /** Asks when running apps get something only after a restart. */
  private async agreed(rows: readonly number[]): Promise<boolean> {
    const details: string[] = [];
    for (const id of rows) {
      const [instance, edit] = [this.store.find(id), this.of(id)];
      if (!instance || !edit || !editNeedsRestart(edit) || !instance.allowedActions.includes('restart')) continue;
      details.push(`${instance.name} · ${describeEdit(edit, valuesOf(instance)).join(', ')}`);
    }
    if (details.length === 0) return true;
    return this.ask.confirm({
      title: details.length === 1 ? 'This app is running' : 'These apps are running',
      message: 'The changes are saved now and take effect at the next restart:',
      details,
      confirm: 'Save changes',
    });
  }

  private async saveRow(id: number, retries = 1): Promise<boolean> {
    const [instance, edit] = [this.store.find(id), this.of(id)];
    if (!instance || !edit) return false;
    const patch = patchOf(edit, valuesOf(instance), instance.revision);
    try {
      if (patch) await this.store.update(id, patch);
      this.put(id, null);
      this.forgive(id);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.code === 'stale_revision' && (await this.reloaded(id))) {
        // Somebody saved other fields meanwhile: that is no conflict.
        if (retries > 0 && !this.check(id)) return this.saveRow(id, retries - 1);
        this.refuse(id, this.check(id) ?? { '': error.message });
        return false;
      }
      this.report(instance, error);
      return false;
    }
  }

  private report(instance: Instance, error: unknown): void {
    const fields = error instanceof ApiError ? problemsOf(error.fields) : null;
    const problems: RowProblems = fields ?? { '': errorMessage(error) };
    this.refuse(instance.id, problems);
    this.toasts.error(`“${instance.name}” was not saved`, error);
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

interface Issue {
  readonly path: string | readonly PropertyKey[];
  readonly message: string;
}

/** Sorts what is wrong by field; null when nothing is. */
export function problemsOf(issues: readonly Issue[]): RowProblems | null {
  if (issues.length === 0) return null;
  const problems: RowProblems = {};
  for (const { path, message } of issues) {
    const key = String(typeof path === 'string' ? path.split('.')[0] : (path[0] ?? ''));
    const field = key in fieldNames ? (key as RowField) : '';
    problems[field] ??= message;
  }
  return problems;
}
