import { ChangeDetectionStrategy, Component, input, model } from '@angular/core';
import { MatIconModule } from '@angular/material/icon';

export const zoomRange = { min: 50, max: 200, step: 10, initial: 100 } as const;

/** − 100 % +; a double click on the figure goes back to 100 %. */
@Component({
  selector: 'ak-zoom',
  imports: [MatIconModule],
  template: `
    <button type="button" class="ak-tool" [attr.aria-label]="'Smaller: ' + label()" title="Smaller" (click)="step(-1)">
      <mat-icon svgIcon="minus" />
    </button>
    <button
      type="button"
      class="value"
      [attr.aria-label]="'Zoom of ' + label() + ': ' + zoom() + ' %. Press for 100 %'"
      title="Double click: 100 %"
      (dblclick)="zoom.set(100)"
      (keydown.enter)="zoom.set(100)"
    >
      {{ zoom() }} %
    </button>
    <button type="button" class="ak-tool" [attr.aria-label]="'Larger: ' + label()" title="Larger" (click)="step(1)">
      <mat-icon svgIcon="plus" />
    </button>
  `,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
    }
    .value {
      min-width: 38px;
      padding: 0;
      border: 0;
      border-radius: 4px;
      background: none;
      color: var(--ak-dim);
      font: 500 10.5px var(--ak-font);
      font-variant-numeric: tabular-nums;
      line-height: 24px;
    }
    @media (pointer: coarse) {
      .value {
        line-height: 32px;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Zoom {
  /** Percent, 50 to 200. */
  readonly zoom = model.required<number>();
  readonly label = input.required<string>();

  protected step(direction: 1 | -1): void {
    const { min, max, step } = zoomRange;
    this.zoom.update((zoom) => Math.min(max, Math.max(min, zoom + direction * step)));
  }
}
