import { CdkDragHandle } from '@angular/cdk/drag-drop';
import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  afterNextRender,
  computed,
  inject,
  input,
  signal,
  viewChild,
} from '@angular/core';
import { MatIconModule } from '@angular/material/icon';
import type { AllowedAction, Instance } from '@aikore/contract';
import { SessionStore, Tools } from '@aikore/web/data';
import { StatusChip } from '@aikore/web/ui';
import { InstanceCells, type CellChange } from '../cells/instance-cells';
import { InstanceEdits } from '../edits/instance-edits';
import { exposureWords } from '../status/exposure-words';
import { problemLines } from '../edits/problems';
import { conflictsOf, fieldNames, showValue, valuesOf, type RowField, type RowValues } from '../edits/row-edit';
import { RowActions, type RowAction } from '../table/row-actions';
import { TablePopups } from '../table/table-popups';
import { RowSight } from './row-sight';

/**
 * One instance of the table, edited in place. Which actions there are is the server's word alone.
 *
 * The row's box is inside of the template, not the host: Angular runs host bindings as part of the *parent's* template,
 * and then every change of a row would run those of all rows (500 rows: 5 ms per update instead of 1).
 */
@Component({
  selector: 'ak-instance-row',
  imports: [CdkDragHandle, InstanceCells, MatIconModule, StatusChip],
  templateUrl: './instance-row.html',
  styleUrls: ['../cells/row-cells.scss', './instance-row.scss'],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class InstanceRow {
  readonly instance = input.required<Instance>();
  /** Place among the rows, from 1. */
  readonly place = input.required<number>();
  /** The last of its family: the tree line ends here. */
  readonly last = input(false);

  private readonly edits = inject(InstanceEdits);
  private readonly actions = inject(RowActions);
  protected readonly popups = inject(TablePopups);
  private readonly session = inject(SessionStore);
  private readonly tools = inject(Tools);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly box = viewChild.required<ElementRef<HTMLElement>>('box');

  private focusedBefore: Element | null = null;
  private readonly near = signal(false);
  /** The height that an empty row keeps; null: the one of a row that was never in sight. */
  protected readonly height = signal<number | null>(null);
  /** Only rows near what is in sight, or with changes, have cells. */
  protected readonly filled = computed(() => this.near() || this.edit() !== undefined);
  protected readonly names = fieldNames;
  protected readonly unfolded = signal(false);
  protected readonly edit = computed(() => this.edits.of(this.instance().id));
  protected readonly live = computed(() => valuesOf(this.instance()));
  protected readonly values = computed<RowValues>(() => ({ ...this.live(), ...this.edit()?.mine }));
  /** Where an edit began; elsewhere what the server has. */
  protected readonly base = computed<RowValues>(() => ({ ...this.live(), ...this.edit()?.base }));
  protected readonly exposure = computed(() => exposureWords(this.instance()));
  protected readonly whose = computed(() => `of ${this.instance().name}`);
  protected readonly conflicts = computed(() => {
    const edit = this.edit();
    return edit ? conflictsOf(edit, this.live()) : [];
  });
  protected readonly problems = computed(() => this.edits.problems(this.instance().id));
  protected readonly problemLines = computed(() => problemLines(this.problems()));
  protected readonly satellite = computed(() => this.instance().parent_instance_id !== null);
  protected readonly editable = computed(() => this.actions.can(this.instance(), 'edit'));
  protected readonly movable = computed(() => this.session.may('operator'));
  protected readonly viewable = computed(() => this.tools.has('view'));

  constructor() {
    const sight = inject(RowSight);
    const destroyed = inject(DestroyRef);
    afterNextRender(() => destroyed.onDestroy(sight.watch(this.box().nativeElement, (near) => this.see(near))));
  }

  protected can(action: AllowedAction): boolean {
    return !this.actions.busy(this.instance().id) && this.actions.can(this.instance(), action);
  }

  protected act(action: RowAction): void {
    void this.actions.run(this.instance(), action);
  }

  protected change({ field, value }: CellChange): void {
    this.edits.change(this.instance(), field, value as never);
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

  protected pointerDown(): void {
    this.focusedBefore = document.activeElement;
  }

  /** Where text is being typed the browser's own menu has the clipboard. The press itself moves the focus. */
  protected contextMenu(event: MouseEvent): void {
    const field = (event.target as HTMLElement).closest('input:not([type=checkbox])');
    if (field && field === this.focusedBefore) return;
    event.preventDefault();
    const byKey = event.button !== 2 && event.clientX === 0 && event.clientY === 0;
    const place = byKey ? (event.target as HTMLElement) : { x: event.clientX, y: event.clientY };
    this.popups.openMenu(this.instance().id, place);
  }

  protected rest(event: PointerEvent, chip: HTMLElement): void {
    if (event.pointerType === 'mouse') this.popups.rest(this.instance().id, chip);
  }

  private see(near: boolean): void {
    if (!near && this.host.contains(document.activeElement)) return;
    if (!near && this.near()) this.height.set(this.box().nativeElement.offsetHeight);
    this.near.set(near);
  }
}
