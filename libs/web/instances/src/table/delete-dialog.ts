import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule } from '@angular/material/dialog';
import { MatRadioModule } from '@angular/material/radio';
import type { Instance } from '@aikore/contract';

export type DeleteMode = 'trash' | 'permanent';

/** Asks how an instance is to be deleted; the answer is the mode, or nothing. */
@Component({
  selector: 'ak-delete-dialog',
  imports: [MatButtonModule, MatDialogModule, MatRadioModule],
  template: `
    <h2 mat-dialog-title>Delete “{{ instance.name }}”?</h2>
    <mat-dialog-content>
      <mat-radio-group aria-label="How to delete" [value]="mode()" (change)="mode.set($event.value)">
        <mat-radio-button value="trash" data-testid="delete-trash">
          <strong>Move to the trash</strong>
          <span>
            Moved to <code>trashcan/{{ instance.directory }}</code> in the data folder; bring it back by hand.
          </span>
        </mat-radio-button>
        <mat-radio-button value="permanent" data-testid="delete-permanent">
          <strong>Delete permanently</strong>
          <span>The app, its environment and its settings are gone for good. Outputs and models stay.</span>
        </mat-radio-button>
      </mat-radio-group>
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton mat-dialog-close>Cancel</button>
      <button
        matButton="filled"
        data-testid="delete-confirm"
        [class.ak-danger]="mode() === 'permanent'"
        [mat-dialog-close]="mode()"
      >
        {{ mode() === 'trash' ? 'Move to the trash' : 'Delete permanently' }}
      </button>
    </mat-dialog-actions>
  `,
  styles: `
    mat-radio-group {
      display: flex;
      flex-direction: column;
      gap: 6px;
    }
    mat-radio-button {
      --mat-radio-label-text-size: 12.5px;
      --mat-radio-label-text-line-height: 18px;
    }
    strong,
    span {
      display: block;
    }
    strong {
      color: var(--mat-sys-on-surface);
      font-weight: 600;
    }
  `,
  host: { 'data-testid': 'delete-dialog' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DeleteDialog {
  protected readonly instance = inject<Instance>(MAT_DIALOG_DATA);
  protected readonly mode = signal<DeleteMode>('trash');
}
