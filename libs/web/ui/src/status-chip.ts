import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { InstanceStatus, Progress } from '@aikore/contract';
import { MatIconModule } from '@angular/material/icon';
import { progressShare, statusLabel, statusMeaning } from './status-words';

/** A status with its colour, its shape, and the progress of what is going on. */
@Component({
  selector: 'ak-status-chip',
  imports: [MatIconModule],
  template: `
    <mat-icon [svgIcon]="icon()" aria-hidden="true" />
    <span class="label">{{ label() }}</span>
    @if (busy()) {
      <span class="bar" [class.unknown]="share() === null" aria-hidden="true">
        <span [style.transform]="'scaleX(' + (share() ?? 0.35) + ')'"></span>
      </span>
    }
  `,
  styleUrl: './status-chip.scss',
  host: { '[attr.data-status]': 'status()', '[attr.title]': 'title()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StatusChip {
  readonly status = input.required<InstanceStatus>();
  readonly progress = input<Progress | null>(null);
  /** Says what the status means as a tooltip; not where something else does. */
  readonly explained = input(true);

  protected readonly icon = computed(() => `status-${this.status()}`);
  protected readonly label = computed(() => statusLabel(this.status(), this.progress()));
  protected readonly share = computed(() => progressShare(this.status(), this.progress()));
  protected readonly busy = computed(() => ['installing', 'starting', 'stopping'].includes(this.status()));
  protected readonly title = computed(() => {
    if (!this.explained()) return null;
    const text = this.busy() ? this.progress()?.text : '';
    return text || statusMeaning[this.status()];
  });
}
