import { ChangeDetectionStrategy, Component } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { MatDialogModule } from '@angular/material/dialog';

const shortcuts = [
  ['/', 'Filter instances'],
  ['n', 'Add an instance'],
  ['Ctrl S', 'Save all changes of the table'],
  ['↑ ↓', 'The same cell of the row above or below'],
  ['Esc', 'Put a cell back · close what is open'],
  ['l', 'Logs'],
  ['w', 'Welcome'],
  ['Ctrl F', 'Search in the log that has the focus'],
  ['1 2 3', 'Instances, tools or monitoring alone, and back'],
  ['← → ↑ ↓', 'Move a divider that has the focus; Enter puts it back'],
  ['?', 'This list'],
] as const;

@Component({
  selector: 'ak-shortcuts-dialog',
  imports: [MatButtonModule, MatDialogModule],
  template: `
    <h2 mat-dialog-title>Keyboard shortcuts</h2>
    <mat-dialog-content>
      <dl>
        @for (item of shortcuts; track item[0]) {
          <dt>
            @for (key of item[0].split(' '); track $index) {
              <kbd>{{ key }}</kbd>
            }
          </dt>
          <dd>{{ item[1] }}</dd>
        }
      </dl>
    </mat-dialog-content>
    <mat-dialog-actions align="end"><button matButton mat-dialog-close>Close</button></mat-dialog-actions>
  `,
  styles: `
    dl {
      display: grid;
      grid-template-columns: auto 1fr;
      align-items: start;
      gap: 7px 16px;
      margin: 0;
      color: var(--mat-sys-on-surface);
    }
    dt {
      display: flex;
      flex-wrap: wrap;
      align-content: start;
      align-items: start;
      gap: 3px;
    }
    dd {
      margin: 0;
    }
  `,
  host: { 'data-testid': 'shortcuts' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ShortcutsDialog {
  protected readonly shortcuts = shortcuts;
}
