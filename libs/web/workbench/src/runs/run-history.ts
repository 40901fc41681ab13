import { ChangeDetectionStrategy, Component, computed, inject, input, resource } from '@angular/core';
import { MatIconModule } from '@angular/material/icon';
import type { Instance, Run } from '@aikore/contract';
import { ApiClient, InstancesStore, RunRequests, Tools, errorMessage } from '@aikore/web/data';
import { EmptyState, formatBytes, formatDuration, formatMoment, runOutcome } from '@aikore/web/ui';
import { routes } from '@aikore/contract';

interface Line {
  readonly run: Run;
  readonly started: string;
  /** How long until the app answered; empty: it never did. */
  readonly ready: string;
  readonly lasted: string;
  readonly outcome: string;
  readonly bad: boolean;
  readonly log: string;
}

/** Every run of an instance that is known, newest first: how long it took, how it ended, and its log. */
@Component({
  selector: 'ak-run-history',
  imports: [EmptyState, MatIconModule],
  templateUrl: './run-history.html',
  styleUrl: './run-history.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunHistory {
  readonly instance = input.required<Instance>();
  /** It is the tool that is seen. */
  readonly visible = input(true);

  private readonly store = inject(InstancesStore);
  private readonly api = inject(ApiClient);
  private readonly tools = inject(Tools);
  private readonly requests = inject(RunRequests);

  /** Read again when a run begins, comes up or ends; not while nobody looks. */
  protected readonly runs = resource({
    params: () => {
      if (!this.visible()) return undefined;
      const { id, run } = this.instance();
      return { id, mark: `${run?.id} ${run?.ready_at} ${run?.ended_at}` };
    },
    loader: ({ params }) => this.store.runs(params.id),
  });
  protected readonly lines = computed(() => {
    const now = new Date();
    return this.runs.hasValue() ? this.runs.value().map((run) => lineOf(run, now)) : null;
  });
  protected readonly failure = computed(() => (this.runs.error() ? errorMessage(this.runs.error()) : ''));

  protected openLog(run: Run): void {
    this.requests.show(run);
    this.tools.open('logs', run.instance_id);
  }

  protected download(run: Run): void {
    this.api.download(routes.readLog, { params: { id: run.instance_id }, query: { run: run.id, download: 'true' } });
  }
}

function lineOf(run: Run, now: Date): Line {
  const began = Date.parse(run.started_at);
  // The browser's clock may be behind the server's: no span is negative.
  const span = (iso: string | null): string =>
    formatDuration(Math.max(0, (iso ? Date.parse(iso) : now.getTime()) - began));
  return {
    run,
    started: formatMoment(run.started_at, now),
    ready: run.ready_at ? span(run.ready_at) : '',
    lasted: span(run.ended_at),
    outcome: run.ended_at ? runOutcome(run) : 'going on',
    bad: run.ended_at !== null && run.reason !== 'stopped' && run.exit_code !== 0,
    log: formatBytes(run.log_size),
  };
}
