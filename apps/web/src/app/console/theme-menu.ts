import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatIconModule } from '@angular/material/icon';
import { MatMenuModule } from '@angular/material/menu';
import { Preferences } from '@aikore/web/data';
import { themeChoices } from './frame-commands';

/** The themes, each with a look at itself. */
@Component({
  selector: 'ak-theme-menu',
  imports: [MatIconModule, MatMenuModule],
  template: `
    <button
      type="button"
      class="ak-tool"
      title="Theme"
      aria-label="Theme"
      data-testid="theme-menu"
      [matMenuTriggerFor]="menu"
    >
      <mat-icon svgIcon="theme" />
    </button>
    <mat-menu #menu="matMenu" xPosition="before">
      @for (item of choices; track item.choice) {
        <button
          mat-menu-item
          role="menuitemradio"
          [attr.aria-checked]="preferences.themeChoice() === item.choice"
          [attr.data-testid]="'theme-' + item.choice"
          (click)="preferences.setTheme(item.choice)"
        >
          <span class="choice">
            @if (item.choice === 'system') {
              <span class="swatch"><mat-icon svgIcon="system" /></span>
            } @else {
              <span class="swatch" [attr.data-theme]="item.choice" aria-hidden="true"><i></i><i></i><i></i></span>
            }
            <span class="label">{{ item.label }}</span>
            @if (preferences.themeChoice() === item.choice) {
              <mat-icon class="chosen" svgIcon="check" aria-hidden="true" />
            }
          </span>
        </button>
      }
    </mat-menu>
  `,
  styles: `
    .choice {
      display: flex;
      align-items: center;
      gap: 10px;
      min-width: 160px;
    }
    .label {
      flex: 1;
    }
    .swatch {
      display: inline-flex;
      flex: none;
      align-items: center;
      justify-content: center;
      gap: 3px;
      width: 42px;
      height: 20px;
      border: 1px solid var(--ak-line-strong);
      border-radius: 6px;
      background: var(--mat-sys-surface);
    }
    .swatch i {
      width: 7px;
      height: 7px;
      border-radius: 50%;
      background: var(--mat-sys-primary);
    }
    .swatch i:nth-child(2) {
      background: var(--ak-started);
    }
    .swatch i:nth-child(3) {
      background: var(--mat-sys-on-surface);
    }
    .choice mat-icon {
      width: 14px;
      height: 14px;
      margin: 0;
    }
    .chosen {
      color: var(--mat-sys-primary);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ThemeMenu {
  protected readonly preferences = inject(Preferences);
  protected readonly choices = themeChoices;
}
