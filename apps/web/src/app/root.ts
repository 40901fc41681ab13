import { ChangeDetectionStrategy, Component, inject, viewChild } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { MatDialog } from '@angular/material/dialog';
import { RouterOutlet } from '@angular/router';
import { Preferences, Toasts } from '@aikore/web/data';
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
  private readonly outlet = viewChild.required(ToastOutlet);

  constructor() {
    inject(Preferences).followTheme();
    // Messages stay readable, and can be closed, above a dialog that opens later.
    inject(MatDialog)
      .afterOpened.pipe(takeUntilDestroyed())
      .subscribe(() => this.outlet().raise());
  }

  /** The first page is there: what index.html showed meanwhile goes. */
  protected dropSplash(): void {
    document.querySelector('.ak-splash')?.remove();
  }
}
