import { ChangeDetectionStrategy, Component, input, model } from '@angular/core';
import { MatIconModule } from '@angular/material/icon';
import { Zoom } from './zoom';

/** A titled pane with zoom and maximise. Slots: `paneTitle` (beside the title), `paneTools` (right), and the body. */
@Component({
  selector: 'ak-pane',
  imports: [MatIconModule, Zoom],
  template: `
    <header (dblclick)="doubled($event)">
      @if (title()) {
        <h2>{{ title() }}</h2>
      }
      <ng-content select="[paneTitle]" />
      <span class="grow"></span>
      <ng-content select="[paneTools]" />
      <ak-zoom [(zoom)]="zoom" [label]="label()" />
      @if (canMaximise()) {
        <button
          type="button"
          class="ak-tool max"
          [attr.aria-label]="(maximised() ? 'Restore ' : 'Maximise ') + label()"
          [attr.aria-pressed]="maximised()"
          [title]="maximised() ? 'Restore' : 'Maximise'"
          (click)="maximised.set(!maximised())"
        >
          <mat-icon [svgIcon]="maximised() ? 'minimize' : 'maximize'" />
        </button>
      }
    </header>
    <div class="body" [style.zoom]="zoom() / 100"><ng-content /></div>
  `,
  styleUrl: './pane.scss',
  host: { role: 'region', '[attr.aria-label]': 'label()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Pane {
  /** Shown as the heading; empty when the header has tabs instead. */
  readonly title = input('');
  readonly label = input.required<string>();
  readonly zoom = model.required<number>();
  readonly maximised = model(false);
  readonly canMaximise = input(true);

  /** A double click on the header itself; one on its buttons is theirs. */
  protected doubled(event: MouseEvent): void {
    const inControl = (event.target as HTMLElement).closest('button, input, select, a, label, [role=tab]');
    if (this.canMaximise() && !inControl) this.maximised.set(!this.maximised());
  }
}
