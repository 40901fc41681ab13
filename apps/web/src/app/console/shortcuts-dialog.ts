import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { MatDialogModule } from '@angular/material/dialog';
import { Commands, Tools } from '@aikore/web/data';
import { shortcutGroups } from './shortcut-list';

/** All shortcuts there are right now. */
@Component({
  selector: 'ak-shortcuts-dialog',
  imports: [MatButtonModule, MatDialogModule],
  template: `
    <h2 mat-dialog-title>Keyboard shortcuts</h2>
    <!-- It scrolls, and may hold nothing to focus: the keyboard must reach it all the same. -->
    <mat-dialog-content tabindex="0" role="region" aria-label="Shortcuts">
      @for (group of groups(); track group.title) {
        <section>
          <h3>{{ group.title }}</h3>
          <dl>
            @for (item of group.items; track $index) {
              <dt>
                @for (key of item.keys.split(' '); track $index) {
                  <kbd>{{ key }}</kbd>
                }
              </dt>
              <dd>{{ item.text }}</dd>
            }
          </dl>
        </section>
      }
    </mat-dialog-content>
    <mat-dialog-actions align="end"
      ><button matButton mat-dialog-close cdkFocusInitial>Close</button></mat-dialog-actions
    >
  `,
  styles: `
    mat-dialog-content {
      columns: 2 270px;
      column-gap: 32px;
    }
    section {
      break-inside: avoid;
      padding-bottom: 14px;
    }
    h3 {
      margin: 0 0 6px;
      color: var(--ak-dim);
      font: 500 11px var(--ak-font);
      letter-spacing: 0.05em;
      text-transform: uppercase;
    }
    dl {
      display: grid;
      grid-template-columns: 92px 1fr;
      align-items: start;
      gap: 5px 12px;
      margin: 0;
      color: var(--mat-sys-on-surface);
    }
    dt {
      display: flex;
      flex-wrap: wrap;
      align-content: start;
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
  private readonly commands = inject(Commands);
  private readonly tools = inject(Tools);
  protected readonly groups = computed(() => shortcutGroups(this.commands.all(), this.tools.available()));
}
