import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule } from '@angular/material/dialog';

/** A running app that gets its changes only at its next start. */
export interface RestartNeed {
  readonly id: number;
  readonly name: string;
  /** `GPUs: 0 → 1` */
  readonly changes: readonly string[];
}

export interface SaveQuestion {
  /** How many instances have changes in all. */
  readonly rows: number;
  readonly needs: readonly RestartNeed[];
}

export type SaveChoice = 'save' | 'restart';

/** Says before a save which running apps need a restart for it; the answer is what to do, or nothing. */
@Component({
  selector: 'ak-save-dialog',
  imports: [MatButtonModule, MatDialogModule],
  template: `
    <h2 mat-dialog-title>{{ one() ? 'This app is running' : needs.length + ' of these apps are running' }}</h2>
    <mat-dialog-content>
      <p>What is saved takes effect when {{ one() ? 'it' : 'each' }} is started again:</p>
      <ul data-testid="save-summary">
        @for (need of needs; track need.id) {
          <li>
            <strong dir="auto">{{ need.name }}</strong>
            @for (change of need.changes; track change) {
              <span dir="auto">{{ change }}</span>
            }
          </li>
        }
      </ul>
      @if (others > 0) {
        <p>
          Nothing else has to restart: {{ others === 1 ? 'one more instance has' : others + ' more have' }} changes.
        </p>
      }
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton mat-dialog-close>Cancel</button>
      <button matButton="outlined" mat-dialog-close="restart" data-testid="save-and-restart">Save and restart</button>
      <button matButton="filled" mat-dialog-close="save" data-testid="confirm" cdkFocusInitial>
        Save, restart later
      </button>
    </mat-dialog-actions>
  `,
  styles: `
    p {
      margin: 0 0 8px;
    }
    ul {
      margin: 0 0 8px;
      padding: 0;
      list-style: none;
    }
    li {
      padding: 6px 10px;
      border: 1px solid var(--ak-line);
      border-radius: 8px;
      overflow-wrap: anywhere;

      & + li {
        margin-top: 6px;
      }
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
  host: { 'data-testid': 'save-dialog' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SaveDialog {
  private readonly question = inject<SaveQuestion>(MAT_DIALOG_DATA);
  protected readonly needs = this.question.needs;
  protected readonly others = this.question.rows - this.needs.length;
  protected readonly one = () => this.needs.length === 1;
}
