import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { MatIconModule } from '@angular/material/icon';

/** What to show where there is nothing yet: an icon, a sentence, and what to do. */
@Component({
  selector: 'ak-empty-state',
  imports: [MatIconModule],
  template: `
    <mat-icon [svgIcon]="icon()" aria-hidden="true" />
    <h3>{{ title() }}</h3>
    <p><ng-content /></p>
    <ng-content select="[actions]" />
  `,
  styles: `
    :host {
      display: flex;
      flex: 1;
      flex-direction: column;
      align-items: center;
      justify-content: center;
      gap: 6px;
      padding: 20px;
      text-align: center;
    }
    mat-icon {
      width: 30px;
      height: 30px;
      color: var(--mat-sys-primary);
      opacity: 0.85;
    }
    h3 {
      margin: 4px 0 0;
      font: 500 15px var(--ak-font);
    }
    p {
      max-width: 62ch;
      margin: 0 0 8px;
      color: var(--ak-dim);
      line-height: 1.5;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class EmptyState {
  readonly icon = input.required<string>();
  readonly title = input.required<string>();
}
