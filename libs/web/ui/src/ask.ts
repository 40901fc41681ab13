import { ChangeDetectionStrategy, Component, Injectable, inject } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialog, MatDialogModule } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';

export interface Question {
  readonly title: string;
  /** What will happen, in a sentence. */
  readonly message: string;
  /** One line each, such as what will restart. */
  readonly details?: readonly string[];
  readonly confirm: string;
  readonly cancel?: string;
  readonly dangerous?: boolean;
}

@Component({
  selector: 'ak-confirm-dialog',
  imports: [MatButtonModule, MatDialogModule],
  template: `
    <h2 mat-dialog-title>{{ question.title }}</h2>
    <mat-dialog-content>
      <p>{{ question.message }}</p>
      @if (question.details?.length) {
        <ul>
          @for (line of question.details; track $index) {
            <li>{{ line }}</li>
          }
        </ul>
      }
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton [mat-dialog-close]="false">{{ question.cancel ?? 'Cancel' }}</button>
      <button
        matButton="filled"
        [class.ak-danger]="question.dangerous"
        [mat-dialog-close]="true"
        data-testid="confirm"
        cdkFocusInitial
      >
        {{ question.confirm }}
      </button>
    </mat-dialog-actions>
  `,
  host: { 'data-testid': 'confirm-dialog' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConfirmDialog {
  protected readonly question = inject<Question>(MAT_DIALOG_DATA);
}

/** Asks before something happens. Esc means no. */
@Injectable({ providedIn: 'root' })
export class Ask {
  private readonly dialog = inject(MatDialog);

  async confirm(question: Question): Promise<boolean> {
    const dialog = this.dialog.open<ConfirmDialog, Question, boolean>(ConfirmDialog, {
      data: question,
      width: '440px',
      role: 'alertdialog',
    });
    return (await firstValueFrom(dialog.afterClosed())) === true;
  }
}
