import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { Preferences, Toasts } from '@aikore/web/data';
import { ToastOutlet } from '@aikore/web/ui';

@Component({
  selector: 'ak-root',
  imports: [RouterOutlet, ToastOutlet],
  template: `
    <router-outlet />
    <ak-toast-outlet [toasts]="toasts.shown()" (dismiss)="toasts.dismiss($event)" (dismissAll)="toasts.dismissAll()" />
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Root {
  protected readonly toasts = inject(Toasts);

  constructor() {
    const preferences = inject(Preferences);
    preferences.setTheme(preferences.theme());
  }
}
