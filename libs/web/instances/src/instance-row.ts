import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  afterNextRender,
  computed,
  inject,
  input,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { MatIconModule } from '@angular/material/icon';
import type { AllowedAction, Instance, RestartPolicy } from '@aikore/contract';
import { BlueprintsStore } from '@aikore/web/data';
import { StatusChip } from '@aikore/web/ui';
import { InstanceEdits } from './instance-edits';
import { conflictsOf, fieldNames, showValue, valuesOf, type RowField, type RowValues } from './row-edit';
import { RowSight } from './row-sight';
import { noEnvironmentTip, persistentTip, policyOptions, policyTip } from './row-words';

export type RowAction = 'start' | 'stop' | 'restart' | 'open' | 'logs' | 'delete';
/** A row asks the table for a list beside one of its cells. */
export interface PickRequest {
  readonly kind: 'blueprint' | 'port';
  readonly origin: HTMLElement;
  readonly value: string | number | null;
  readonly apply: (value: string | number | null) => void;
}

type VersionField = 'python_version' | 'cuda_version' | 'torch_version';
type TextField = VersionField | 'name' | 'output_path' | 'gpu_ids';
/** The cells of the environment; `mark` ends their test id. */
export const versionCells: readonly { readonly field: VersionField; readonly mark: string }[] = [
  { field: 'python_version', mark: 'python' },
  { field: 'cuda_version', mark: 'cuda' },
  { field: 'torch_version', mark: 'torch' },
];

/**
 * One instance of the table, edited in place. Which actions there are is the server's word alone.
 *
 * The row's box is inside of the template, not the host: Angular runs host bindings as part of the *parent's* template,
 * and then every change of a row would run those of all rows (500 rows: 5 ms per update instead of 1).
 */
@Component({
  selector: 'ak-instance-row',
  imports: [MatIconModule, StatusChip],
  templateUrl: './instance-row.html',
  styleUrls: ['./row-cells.scss', './instance-row.scss'],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class InstanceRow {
  readonly instance = input.required<Instance>();
  /** An action of this row is under way. */
  readonly busy = input(false);
  readonly act = output<RowAction>();
  readonly pick = output<PickRequest>();
  readonly explain = output<HTMLElement>();

  private readonly edits = inject(InstanceEdits);
  private readonly blueprints = inject(BlueprintsStore);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly box = viewChild.required<ElementRef<HTMLElement>>('box');

  private readonly near = signal(false);
  /** The height that an empty row keeps; null: the one of a row that was never in sight. */
  protected readonly height = signal<number | null>(null);
  /** Only rows near what is in sight, or with changes, have cells. */
  protected readonly filled = computed(() => this.near() || this.edit() !== undefined);
  protected readonly names = fieldNames;
  protected readonly versions = versionCells;
  protected readonly policies = policyOptions;
  protected readonly policyTip = policyTip;
  protected readonly persistentTip = persistentTip;
  protected readonly noEnvironment = noEnvironmentTip;
  protected readonly unfolded = signal(false);
  protected readonly edit = computed(() => this.edits.of(this.instance().id));
  protected readonly live = computed(() => valuesOf(this.instance()));
  protected readonly values = computed<RowValues>(() => ({ ...this.live(), ...this.edit()?.mine }));
  protected readonly conflicts = computed(() => {
    const edit = this.edit();
    return edit ? conflictsOf(edit, this.live()) : [];
  });
  protected readonly problems = computed(() => this.edits.problems(this.instance().id));
  protected readonly problemText = computed(() =>
    Object.entries(this.problems() ?? {}).map(([field, text]) =>
      field ? `${fieldNames[field as RowField]} ${text}` : text,
    ),
  );
  protected readonly satellite = computed(() => this.instance().parent_instance_id !== null);
  protected readonly editable = computed(() => this.instance().allowedActions.includes('edit'));
  protected readonly title = computed(() => this.blueprints.title(this.values().base_blueprint));
  private readonly blueprint = computed(() => this.blueprints.find(this.values().base_blueprint));
  protected readonly category = computed(() => this.blueprint()?.category ?? '');
  /** The blueprint makes a Python environment, so that there are versions to choose. */
  protected readonly environment = computed(() => this.blueprint()?.venv_type !== 'none');

  constructor() {
    const sight = inject(RowSight);
    const destroyed = inject(DestroyRef);
    afterNextRender(() => destroyed.onDestroy(sight.watch(this.box().nativeElement, (near) => this.see(near))));
  }

  protected can(action: AllowedAction): boolean {
    return !this.busy() && this.instance().allowedActions.includes(action);
  }

  protected changed(field: RowField): boolean {
    return field in (this.edit()?.mine ?? {});
  }

  protected type(field: TextField, event: Event): void {
    this.edits.change(this.instance(), field, (event.target as HTMLInputElement).value);
  }

  protected toggle(field: 'autostart' | 'persistent_mode', event: Event): void {
    this.edits.change(this.instance(), field, (event.target as HTMLInputElement).checked);
  }

  protected choosePolicy(event: Event): void {
    this.edits.change(this.instance(), 'restart_policy', (event.target as HTMLSelectElement).value as RestartPolicy);
  }

  protected choose(kind: PickRequest['kind'], event: Event): void {
    const field = kind === 'port' ? 'port' : 'base_blueprint';
    this.pick.emit({
      kind,
      origin: event.currentTarget as HTMLElement,
      value: this.values()[field],
      apply: (value) => this.edits.change(this.instance(), field, value as never),
    });
  }

  protected show(field: RowField, value: RowValues[RowField]): string {
    return showValue(field, value);
  }

  protected keep(field: RowField): void {
    this.edits.keepMine(this.instance(), field);
  }

  protected take(field: RowField): void {
    this.edits.revert(this.instance().id, field);
  }

  private see(near: boolean): void {
    if (!near && this.host.contains(document.activeElement)) return;
    if (!near && this.near()) this.height.set(this.box().nativeElement.offsetHeight);
    this.near.set(near);
  }

  /** Esc puts a cell back; up and down go to the same cell of the next row. */
  protected press(field: RowField, event: Event): void {
    if (!(event instanceof KeyboardEvent)) return;
    if (event.key === 'Escape' && this.changed(field)) {
      event.stopPropagation();
      this.edits.revert(this.instance().id, field);
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      const row = event.key === 'ArrowUp' ? this.host.previousElementSibling : this.host.nextElementSibling;
      const next = row?.querySelector<HTMLElement>(`[data-field="${field}"]`);
      if (!next) return;
      event.preventDefault();
      next.focus();
    }
  }
}
