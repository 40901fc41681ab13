import { CdkDrag, CdkDragPlaceholder, CdkDragPreview, CdkDropList } from '@angular/cdk/drag-drop';
import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { SessionStore } from '@aikore/web/data';
import type { Family } from '../table/families';
import { RowOrder } from '../table/row-order';
import { InstanceRow } from './instance-row';

/**
 * A family as one block that is dragged as a whole; its satellites can be dragged among themselves. The block is inside
 * of the template for the reason that `InstanceRow` gives.
 */
@Component({
  selector: 'ak-family-rows',
  imports: [CdkDrag, CdkDragPlaceholder, CdkDragPreview, CdkDropList, InstanceRow],
  template: `
    <div cdkDrag cdkDragLockAxis="y" class="family" [cdkDragDisabled]="!movable()">
      <ng-template cdkDragPreview>
        <div class="preview" dir="auto">{{ family().head.name }}{{ more() }}</div>
      </ng-template>
      <div *cdkDragPlaceholder class="gap"></div>
      <ak-instance-row [instance]="family().head" [place]="family().offset + 1" />
      @if (family().satellites.length > 0) {
        <div
          cdkDropList
          (cdkDropListDropped)="order.dropSatellite(family(), $event.previousIndex, $event.currentIndex)"
        >
          @for (satellite of family().satellites; track satellite.id) {
            <div cdkDrag cdkDragLockAxis="y" [cdkDragDisabled]="!movable()">
              <ng-template cdkDragPreview>
                <div class="preview">{{ satellite.name }}</div>
              </ng-template>
              <div *cdkDragPlaceholder class="gap"></div>
              <ak-instance-row [instance]="satellite" [place]="family().offset + $index + 2" [last]="$last" />
            </div>
          }
        </div>
      }
    </div>
  `,
  styles: `
    :host {
      display: contents;
    }
    .preview {
      padding: 6px 14px;
      border: 1px solid var(--mat-sys-primary);
      border-radius: 8px;
      background: var(--mat-sys-surface-container-high);
      box-shadow: var(--ak-shadow);
      color: var(--mat-sys-on-surface);
      font: 500 12px var(--ak-font);
    }
    .gap {
      height: 28px;
      border: 1px dashed var(--mat-sys-primary);
      border-radius: 6px;
      background: var(--ak-selected);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class FamilyRows {
  readonly family = input.required<Family>();

  protected readonly order = inject(RowOrder);
  private readonly session = inject(SessionStore);
  protected readonly movable = () => this.session.may('operator');

  protected more(): string {
    const count = this.family().satellites.length;
    return count === 0 ? '' : ` and ${count} ${count === 1 ? 'satellite' : 'satellites'}`;
  }
}
