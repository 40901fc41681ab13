import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { MatDialogModule } from '@angular/material/dialog';
import { MatIconModule } from '@angular/material/icon';
import { Toasts, type Toast } from '@aikore/web/data';
import { formatMoment } from '@aikore/web/ui';

/** The messages of this page, to be read again. */
@Component({
  selector: 'ak-messages-dialog',
  imports: [MatButtonModule, MatDialogModule, MatIconModule],
  template: `
    <h2 mat-dialog-title>Messages</h2>
    <!-- It scrolls, and may hold nothing to focus: the keyboard must reach it all the same. -->
    <mat-dialog-content tabindex="0" role="region" aria-label="Messages">
      @for (toast of toasts.history(); track toast.id) {
        <div class="entry" [attr.data-level]="toast.level">
          <mat-icon [svgIcon]="icon(toast)" aria-hidden="true" />
          <div>
            <strong>{{ toast.title }}</strong>
            @if (toast.message) {
              <span>{{ toast.message }}</span>
            }
          </div>
          <time>{{ time(toast) }}</time>
        </div>
      } @empty {
        <p>Nothing was said yet.</p>
      }
    </mat-dialog-content>
    <mat-dialog-actions align="end"><button matButton mat-dialog-close>Close</button></mat-dialog-actions>
  `,
  styles: `
    .entry {
      display: flex;
      gap: 10px;
      padding: 7px 0;
      border-bottom: 1px solid var(--ak-line);
      color: var(--mat-sys-on-surface);
    }
    .entry > div {
      flex: 1;
      min-width: 0;
      overflow-wrap: anywhere;
    }
    strong {
      display: block;
      font-weight: 600;
    }
    span,
    time,
    p {
      color: var(--ak-dim);
    }
    .mat-icon {
      flex: none;
      width: 14px;
      height: 14px;
      margin-top: 2px;
      color: var(--mat-sys-primary);
    }
    [data-level='success'] .mat-icon {
      color: var(--ak-started);
    }
    [data-level='warning'] .mat-icon {
      color: var(--ak-stalled);
    }
    [data-level='error'] .mat-icon {
      color: var(--ak-error);
    }
  `,
  host: { 'data-testid': 'messages-dialog' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MessagesDialog {
  protected readonly toasts = inject(Toasts);

  protected icon({ level }: Toast): string {
    return level === 'info' ? 'info' : level === 'success' ? 'check' : 'warning';
  }

  protected time({ at }: Toast): string {
    return formatMoment(at, new Date());
  }
}
