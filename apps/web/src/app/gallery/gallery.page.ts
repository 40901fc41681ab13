import { NgComponentOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, inject, type Type } from '@angular/core';
import { Preferences, themes } from '@aikore/web/data';
import { DialogDemo } from './demos/dialog-demo';
import { EmptyStateDemo } from './demos/empty-state-demo';
import { IconsDemo } from './demos/icons-demo';
import { PaletteDemo } from './demos/palette-demo';
import { PaneDemo } from './demos/pane-demo';
import { PickerDemo } from './demos/picker-demo';
import { SplitDemo } from './demos/split-demo';
import { StatusChipDemo } from './demos/status-chip-demo';
import { ToastDemo } from './demos/toast-demo';

/** Every component of libs/web/ui in its states. In development builds only: `npx nx run web:gallery`. */
@Component({
  selector: 'ak-gallery-page',
  imports: [NgComponentOutlet],
  template: `
    <header>
      <h1>Components</h1>
      @for (theme of themes; track theme) {
        <button
          type="button"
          class="ak-tool"
          [attr.aria-pressed]="preferences.theme() === theme"
          (click)="preferences.setTheme(theme)"
        >
          {{ theme }}
        </button>
      }
    </header>
    <main>
      @for (demo of demos; track demo.title) {
        <section [attr.data-testid]="'demo-' + demo.title">
          <h2>{{ demo.title }}</h2>
          <ng-container *ngComponentOutlet="demo.component" />
        </section>
      }
    </main>
  `,
  styles: `
    :host {
      display: block;
      height: 100%;
      overflow: auto;
    }
    header {
      position: sticky;
      top: 0;
      z-index: 1;
      display: flex;
      align-items: center;
      gap: 6px;
      padding: 8px 20px;
      border-bottom: 1px solid var(--ak-line);
      background: var(--mat-sys-surface);
    }
    h1 {
      margin: 0 12px 0 0;
      font: 600 16px var(--ak-font);
    }
    main {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(420px, 100%), 1fr));
      gap: 20px;
      padding: 20px;
    }
    section {
      display: flex;
      flex-direction: column;
      gap: 10px;
      min-width: 0;
      padding: 14px;
      border: 1px solid var(--ak-line);
      border-radius: 10px;
    }
    h2 {
      margin: 0;
      color: var(--ak-dim);
      font: 500 12px var(--ak-mono);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class GalleryPage {
  protected readonly preferences = inject(Preferences);
  protected readonly themes = themes;
  protected readonly demos: readonly { readonly title: string; readonly component: Type<unknown> }[] = [
    { title: 'status-chip', component: StatusChipDemo },
    { title: 'picker', component: PickerDemo },
    { title: 'palette', component: PaletteDemo },
    { title: 'split', component: SplitDemo },
    { title: 'pane', component: PaneDemo },
    { title: 'empty-state', component: EmptyStateDemo },
    { title: 'toast-outlet', component: ToastDemo },
    { title: 'ask', component: DialogDemo },
    { title: 'icons', component: IconsDemo },
  ];
}
