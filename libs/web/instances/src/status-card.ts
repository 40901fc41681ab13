import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  afterNextRender,
  computed,
  inject,
  input,
  output,
  signal,
} from '@angular/core';
import type { Instance } from '@aikore/contract';
import { StatusChip, formatDuration, formatMoment, runOutcome, statusMeaning } from '@aikore/web/ui';
import { addressesOf } from './addresses';
import { adviceFor } from './advice';
import type { RowAction } from './instance-row';

/** What is behind a status chip: since when, the process, how it ended, its last words, and what to do. */
@Component({
  selector: 'ak-status-card',
  imports: [StatusChip],
  templateUrl: './status-card.html',
  styleUrl: './status-card.scss',
  host: {
    role: 'dialog',
    tabindex: '-1',
    'data-testid': 'status-card',
    '[attr.aria-label]': "'Status of ' + instance().name",
  },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StatusCard {
  readonly instance = input.required<Instance>();
  readonly act = output<RowAction>();

  private readonly now = signal(Date.now());
  protected readonly meaning = computed(() => statusMeaning[this.instance().status]);
  protected readonly since = computed(() => {
    const { status_since } = this.instance();
    const span = formatDuration(this.now() - Date.parse(status_since));
    return `${formatMoment(status_since, new Date(this.now()))} (${span})`;
  });
  protected readonly outcome = computed(() => {
    const { run } = this.instance();
    return run?.ended_at ? runOutcome(run) : '';
  });
  /** Opened by the action, not by a link: that would come without the ticket that lets a browser in. */
  protected readonly addresses = computed(() => addressesOf(this.instance(), window.location));
  protected readonly advice = computed(() => adviceFor(this.instance()));

  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    afterNextRender(() => host.focus());
    const timer = setInterval(() => this.now.set(Date.now()), 1000);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }
}
