import { ChangeDetectionStrategy, Component, inject, output } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { MatIconModule } from '@angular/material/icon';
import { MatMenuModule } from '@angular/material/menu';
import { Preferences, SessionStore, Toasts, type Theme } from '@aikore/web/data';
import { ConnectionBadge } from './connection-badge';
import { MessagesDialog } from './messages-dialog';
import { TokensDialog } from './tokens-dialog';

@Component({
  selector: 'ak-top-bar',
  imports: [ConnectionBadge, MatIconModule, MatMenuModule],
  templateUrl: './top-bar.html',
  styleUrl: './top-bar.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TopBar {
  readonly help = output();

  private readonly dialog = inject(MatDialog);
  protected readonly session = inject(SessionStore);
  protected readonly preferences = inject(Preferences);
  protected readonly toasts = inject(Toasts);
  protected readonly themes: readonly { theme: Theme; label: string }[] = [
    { theme: 'ink', label: 'Ink (dark)' },
    { theme: 'violet', label: 'Violet night (dark)' },
    { theme: 'light', label: 'Light' },
  ];

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
