import { ChangeDetectionStrategy, Component, effect, inject, viewChild } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { MatDialog } from '@angular/material/dialog';
import { RouterOutlet } from '@angular/router';
import { Preferences, SessionStore, Toasts } from '@aikore/web/data';
import { ToastOutlet } from '@aikore/web/ui';

@Component({
  selector: 'ak-root',
  imports: [RouterOutlet, ToastOutlet],
  template: `
    <router-outlet (activate)="dropSplash()" />
    <ak-toast-outlet [toasts]="toasts.shown()" (dismiss)="toasts.dismiss($event)" (dismissAll)="toasts.dismissAll()" />
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Root {
  protected readonly toasts = inject(Toasts);
  private readonly session = inject(SessionStore);
  private readonly dialog = inject(MatDialog);
  private readonly outlet = viewChild.required(ToastOutlet);

  constructor() {
    inject(Preferences).followTheme();
    effect(() => {
      if (this.session.state() === 'expired') void this.askAgain();
    });
    // Messages stay readable, and can be closed, above a dialog that opens later.
    this.dialog.afterOpened.pipe(takeUntilDestroyed()).subscribe(() => this.outlet().raise());
  }

  /** The session ended under somebody: ask for the password above what is there, which stays as it is. */
  private async askAgain(): Promise<void> {
    const { SessionDialog } = await import('./auth-pages');
    if (this.session.state() === 'expired') this.dialog.open(SessionDialog, { width: '380px', disableClose: true });
  }

  /** The first page is there: what index.html showed meanwhile goes. */
  protected dropSplash(): void {
    document.querySelector('.ak-splash')?.remove();
  }
}
