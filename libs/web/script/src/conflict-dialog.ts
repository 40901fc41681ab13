import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule } from '@angular/material/dialog';
import { DiffBox } from './diff-box';

export interface ScriptConflict {
  readonly title: string;
  readonly message: string;
  readonly theirs: string;
  readonly mine: string;
  readonly keepMine: string;
}

export type ConflictChoice = 'theirs' | 'mine';

/** Two versions of a script, and which of them goes on. Esc decides nothing. */
@Component({
  selector: 'ak-script-conflict',
  imports: [DiffBox, MatButtonModule, MatDialogModule],
  template: `
    <h2 mat-dialog-title>{{ conflict.title }}</h2>
    <mat-dialog-content>
      <p>{{ conflict.message }}</p>
      <ak-script-diff
        [left]="conflict.theirs"
        [right]="conflict.mine"
        leftLabel="On the server now"
        rightLabel="Yours, not saved"
      />
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton mat-dialog-close cdkFocusInitial>Decide later</button>
      <button matButton="outlined" mat-dialog-close="theirs" data-testid="conflict-theirs">Take theirs</button>
      <button matButton="filled" mat-dialog-close="mine" data-testid="conflict-mine">{{ conflict.keepMine }}</button>
    </mat-dialog-actions>
  `,
  styles: `
    mat-dialog-content {
      display: flex;
      flex-direction: column;
      height: 60vh;
    }
    p {
      flex: none;
      margin: 0 0 8px;
    }
    ak-script-diff {
      border: 1px solid var(--ak-line);
      border-radius: 8px;
      overflow: hidden;
    }
  `,
  host: { 'data-testid': 'script-conflict' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConflictDialog {
  protected readonly conflict = inject<ScriptConflict>(MAT_DIALOG_DATA);
}
