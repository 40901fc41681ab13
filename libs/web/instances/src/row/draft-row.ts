import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  afterNextRender,
  computed,
  inject,
  input,
  output,
  signal,
} from '@angular/core';
import { MatIconModule } from '@angular/material/icon';
import { createInstance, plainWords } from '@aikore/contract';
import { ApiError, InstancesStore, Toasts, errorMessage } from '@aikore/web/data';
import { InstanceCells, type CellChange } from '../cells/instance-cells';
import { Draft } from '../edits/draft';
import { problemLines, problemsOf, refusalOf } from '../edits/problems';
import type { RowField, RowProblems } from '../edits/row-edit';

/** The row at the bottom in which a new instance is written down. */
@Component({
  selector: 'ak-draft-row',
  imports: [InstanceCells, MatIconModule],
  templateUrl: './draft-row.html',
  styleUrls: ['../cells/row-cells.scss', './draft-row.scss'],
  host: { '(keydown)': 'press($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DraftRow {
  /** Place among the rows, from 1. */
  readonly place = input.required<number>();
  /** The new instance's id; null when it was given up. */
  readonly done = output<number | null>();

  private readonly store = inject(InstancesStore);
  private readonly toasts = inject(Toasts);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  protected readonly draft = inject(Draft);
  protected readonly problems = signal<RowProblems>({});
  protected readonly busy = signal(false);
  protected readonly ready = computed(() => {
    const { name, base_blueprint: file } = this.draft.values();
    return name.trim() !== '' && file !== '' && !this.busy();
  });
  protected readonly problemLines = computed(() => problemLines(this.problems()));

  constructor() {
    afterNextRender(() => {
      this.host.firstElementChild?.scrollIntoView({ block: 'nearest' });
      this.host.querySelector<HTMLInputElement>('.name input')?.select();
    });
  }

  protected change({ field, value }: CellChange): void {
    this.draft.change(field, value as never);
    const { [field]: _problem, '': _whole, ...rest } = this.problems();
    this.problems.set(rest);
  }

  protected revert(field: RowField): void {
    this.draft.revert(field);
  }

  protected async create(): Promise<void> {
    if (!this.ready()) return;
    const body = this.draft.body();
    const checked = createInstance.safeParse(body, { error: plainWords });
    this.problems.set(problemsOf(checked.error?.issues ?? []) ?? {});
    if (!checked.success) return;
    this.busy.set(true);
    try {
      const made = await this.store.create(body);
      this.toasts.success(`“${made.name}” was added`, 'Its folder is made at the first start.');
      this.done.emit(made.id);
    } catch (error) {
      this.problems.set(error instanceof ApiError ? refusalOf(error) : { '': errorMessage(error) });
      this.toasts.error('The instance was not added', error);
    } finally {
      this.busy.set(false);
    }
  }

  protected press(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.stopPropagation();
      this.done.emit(null);
    } else if (event.key === 'Enter' && event.target instanceof HTMLInputElement) void this.create();
  }
}
