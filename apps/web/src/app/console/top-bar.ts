import { ChangeDetectionStrategy, Component, inject, output } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { MatIconModule } from '@angular/material/icon';
import { MatMenuModule } from '@angular/material/menu';
import { SessionStore, Toasts } from '@aikore/web/data';
import { ConnectionBadge } from './connection-badge';
import { MessagesDialog } from './messages-dialog';
import { ThemeMenu } from './theme-menu';
import { TokensDialog } from './tokens-dialog';
import { WorkBadge } from './work-badge';

/** Name, connection, what is going on, and the ways to everything else. */
@Component({
  selector: 'ak-top-bar',
  imports: [ConnectionBadge, MatIconModule, MatMenuModule, ThemeMenu, WorkBadge],
  templateUrl: './top-bar.html',
  styleUrl: './top-bar.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TopBar {
  readonly help = output();
  readonly palette = output();

  private readonly dialog = inject(MatDialog);
  protected readonly session = inject(SessionStore);
  protected readonly toasts = inject(Toasts);

  protected tokens(): void {
    this.dialog.open(TokensDialog, { width: '620px' });
  }

  protected messages(): void {
    this.toasts.markRead();
    this.dialog.open(MessagesDialog, { width: '560px' });
  }

  protected async logout(): Promise<void> {
    try {
      await this.session.logout();
    } catch (error) {
      this.toasts.error('You are still logged in', error);
    }
  }
}
