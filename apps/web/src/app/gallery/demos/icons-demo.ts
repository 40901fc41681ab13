import { ChangeDetectionStrategy, Component } from '@angular/core';
import { MatIconModule } from '@angular/material/icon';
import { iconNames } from '@aikore/web/ui';

@Component({
  selector: 'ak-icons-demo',
  imports: [MatIconModule],
  template: `
    @for (name of names; track name) {
      <span><mat-icon [svgIcon]="name" aria-hidden="true" />{{ name }}</span>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(120px, 1fr));
      gap: 6px;
    }
    span {
      display: flex;
      align-items: center;
      gap: 6px;
      color: var(--ak-dim);
      font-size: 11px;
    }
    mat-icon {
      width: 16px;
      height: 16px;
      color: var(--mat-sys-on-surface);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class IconsDemo {
  protected readonly names = iconNames;
}
