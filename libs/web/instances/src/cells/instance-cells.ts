import { ChangeDetectionStrategy, Component, ElementRef, computed, inject, input, output } from '@angular/core';
import { MatIconModule } from '@angular/material/icon';
import type { RestartPolicy } from '@aikore/contract';
import { fieldNames, type RowField, type RowProblems, type RowValues } from '../edits/row-edit';
import { TablePopups, type PickKind } from '../table/table-popups';
import { gpuLabel, gpusIn, toggleGpu } from './gpu-list';
import { noEnvironmentTip, persistentTip, policyOptions, policyTip } from './row-words';
import { TableFacts } from './table-facts';

type TextField = 'name' | 'python_version' | 'cuda_version' | 'torch_version' | 'output_path' | 'hostname';
type SwitchField = 'autostart' | 'persistent_mode' | 'use_custom_hostname';

/** A value that a person gave. */
export interface CellChange {
  readonly field: RowField;
  readonly value: RowValues[RowField];
}

/** So many GPUs have a box each in the cell; with more there is a list to open. */
const boxesAtMost = 3;
const versionCells = [
  { field: 'python_version', mark: 'python', list: 'ak-versions-python' },
  { field: 'cuda_version', mark: 'cuda', list: 'ak-versions-cuda' },
  { field: 'torch_version', mark: 'torch', list: 'ak-versions-torch' },
] as const;
const switchWords = { persistent_mode: 'Persistent UI', use_custom_hostname: 'Custom address' } as const;

/** The cells with the settings of an instance, there or about to be; the status is put between them as content. */
@Component({
  selector: 'ak-instance-cells',
  imports: [MatIconModule],
  templateUrl: './instance-cells.html',
  styleUrl: './row-cells.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class InstanceCells {
  readonly values = input.required<RowValues>();
  /** What stood there before any change. */
  readonly base = input.required<RowValues>();
  /** Begins the test ids of the cells. */
  readonly mark = input.required<'edit' | 'draft'>();
  /** Ends the names that a screen reader says, such as `of ComfyUI`. */
  readonly whose = input.required<string>();
  readonly problems = input<RowProblems>();
  readonly locked = input(false);
  /** A satellite: what it takes from its parent cannot be changed. */
  readonly satellite = input(false);
  readonly outputHint = input('as the name');
  readonly changed = output<CellChange>();
  readonly reverted = output<RowField>();

  protected readonly facts = inject(TableFacts);
  private readonly popups = inject(TablePopups);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected readonly names = fieldNames;
  protected readonly versions = versionCells;
  protected readonly policies = policyOptions;
  protected readonly policyTip = policyTip;
  protected readonly persistentTip = persistentTip;
  protected readonly noEnvironment = noEnvironmentTip;
  protected readonly switches = switchWords;

  protected readonly fixed = computed(() => this.locked() || this.satellite());
  protected readonly title = computed(() => this.facts.title(this.values().base_blueprint));
  protected readonly category = computed(() => this.facts.category(this.values().base_blueprint));
  protected readonly environment = computed(() => this.facts.hasEnvironment(this.values().base_blueprint));
  protected readonly gpus = computed(() => gpusIn(this.values().gpu_ids));
  protected readonly gpuLabel = computed(() => gpuLabel(this.values().gpu_ids));
  /** The indexes with a box; null: a list to open instead, since there are too many, or one that has no box. */
  protected readonly boxes = computed(() => {
    const known = this.facts.gpus();
    const fits = known.length > 0 && known.length <= boxesAtMost && this.gpus().every((index) => known.includes(index));
    return fits && gpusIn(this.values().gpu_ids).join() === this.values().gpu_ids.replace(/\s/g, '') ? known : null;
  });

  /** Changed, and so marked; in a new row everything is. */
  protected differs(field: RowField): boolean {
    return this.mark() === 'edit' && this.values()[field] !== this.base()[field];
  }

  protected type(field: TextField, event: Event): void {
    this.changed.emit({ field, value: (event.target as HTMLInputElement).value });
  }

  protected toggle(field: SwitchField, event: Event): void {
    this.changed.emit({ field, value: (event.target as HTMLInputElement).checked });
  }

  protected choosePolicy(event: Event): void {
    const value = (event.target as HTMLSelectElement).value as RestartPolicy;
    this.changed.emit({ field: 'restart_policy', value });
  }

  protected toggleGpu(index: number): void {
    this.changed.emit({ field: 'gpu_ids', value: toggleGpu(this.values().gpu_ids, index, this.base().gpu_ids) });
  }

  protected pick(kind: PickKind, field: RowField, event: Event): void {
    this.popups.pick({
      kind,
      origin: event.currentTarget as HTMLElement,
      value: this.values()[field],
      base: this.base()[field],
      apply: (value) => this.changed.emit({ field, value }),
    });
  }

  /** Esc puts a cell back; up and down go to the same cell of the next row. */
  protected press(field: RowField, event: Event): void {
    if (!(event instanceof KeyboardEvent) || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Escape' && this.differs(field)) {
      event.stopPropagation();
      this.reverted.emit(field);
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      const next = this.neighbour(field, event.key === 'ArrowUp' ? -1 : 1);
      if (!next) return;
      event.preventDefault();
      next.focus();
    }
  }

  private neighbour(field: RowField, step: 1 | -1): HTMLElement | null {
    const rows = [...(this.host.closest('[role=table]')?.querySelectorAll<HTMLElement>('.row') ?? [])];
    const mine = this.host.closest<HTMLElement>('.row');
    const next = mine && rows[rows.indexOf(mine) + step];
    return next?.querySelector<HTMLElement>(`[data-field="${field}"]`) ?? null;
  }
}
