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
  resource,
  signal,
} from '@angular/core';
import type { Instance } from '@aikore/contract';
import { InstancesStore } from '@aikore/web/data';
import { StatusChip, formatDuration, formatMoment, runOutcome, statusMeaning } from '@aikore/web/ui';
import type { RowAction } from '../table/row-actions';
import { addressesOf } from './addresses';
import { adviceFor } from './advice';
import { changeWords } from './change-words';
import { explainExit } from './exit-words';
import { exposureWords } from './exposure-words';

/** What is behind a status chip: since when, the process, why it died, its last words, what changed, and what to do. */
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
  /** It was asked for: it takes the focus. */
  readonly focused = input(true);
  readonly act = output<RowAction>();

  private readonly store = inject(InstancesStore);
  private readonly now = signal(Date.now());
  protected readonly meaning = computed(() => statusMeaning[this.instance().status]);
  protected readonly since = computed(() => this.moment(this.instance().status_since));
  protected readonly outcome = computed(() => {
    const { run } = this.instance();
    return run?.ended_at ? runOutcome(run) : '';
  });
  protected readonly lasted = computed(() => {
    const { run } = this.instance();
    return run?.ended_at ? formatDuration(Date.parse(run.ended_at) - Date.parse(run.started_at)) : '';
  });
  protected readonly retry = computed(() => {
    const at = this.instance().status_reason?.retry_at;
    return at ? formatMoment(at, new Date(this.now())) : '';
  });
  protected readonly exposure = computed(() => exposureWords(this.instance()));
  protected readonly explanation = computed(() => explainExit(this.instance()));
  /** Opened by the action, not by a link: that would come without the ticket that lets a browser in. */
  protected readonly addresses = computed(() => addressesOf(this.instance(), window.location));
  protected readonly advice = computed(() => adviceFor(this.instance()));
  /** Asked again for each run that failed. */
  private readonly changes = resource({
    params: () => {
      const { id, status, run } = this.instance();
      return status === 'error' && run ? { id, run: run.id } : undefined;
    },
    loader: ({ params }) => this.store.changes(params.id),
  });
  /** What is different from the last good start; null: nothing is known of that. */
  protected readonly difference = computed(() => {
    const found = this.changes.hasValue() ? this.changes.value() : undefined;
    if (!found?.run) return null;
    if (!found.good) return { good: '', lines: [] };
    const good = formatMoment(found.good.started_at, new Date(this.now()));
    return { good, lines: found.changes.map(changeWords) };
  });

  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    afterNextRender(() => {
      if (this.focused()) host.focus();
    });
    const timer = setInterval(() => this.now.set(Date.now()), 1000);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }

  /** A server whose clock runs ahead of this one's makes no negative span. */
  private moment(iso: string): string {
    const span = Math.max(0, this.now() - Date.parse(iso));
    return `${formatMoment(iso, new Date(this.now()))} (${formatDuration(span)})`;
  }
}
