import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { FormsModule } from '@angular/forms';
import { MatIconModule } from '@angular/material/icon';
import { routes, troublePattern, type Instance, type Run } from '@aikore/contract';
import { ApiClient, Preferences, RunRequests, Toasts } from '@aikore/web/data';
import { EmptyState, StatusChip, copyText, formatBytes, formatMoment, runOutcome } from '@aikore/web/ui';
import { searchPattern } from './highlight';
import { LogModel } from './log-model';
import { LogView } from './log-view';
import { allMatches, firstMatch, type LinePlace } from './log-window';

/** The log of an instance: which run, search, follow, copy, download, and the lines. */
@Component({
  selector: 'ak-logs-panel',
  imports: [EmptyState, FormsModule, LogView, MatIconModule, StatusChip],
  templateUrl: './logs-panel.html',
  styleUrl: './logs-panel.scss',
  providers: [LogModel],
  host: { '(keydown)': 'press($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LogsPanel {
  readonly instance = input.required<Instance>();
  /** It is the tool that is seen. */
  readonly visible = input(true);

  protected readonly log = inject(LogModel);
  private readonly api = inject(ApiClient);
  private readonly toasts = inject(Toasts);
  private readonly preferences = inject(Preferences);
  private readonly view = viewChild(LogView);
  private readonly searchField = viewChild<ElementRef<HTMLInputElement>>('searchField');

  private readonly instanceId = computed(() => this.instance().id);
  /** null: the newest run, and every later one. */
  protected readonly runId = linkedSignal<number, string | null>({
    source: this.instanceId,
    computation: () => null,
  });
  protected readonly runs = signal<readonly Run[]>([]);
  protected readonly wrap = this.preferences.flag('log.wrap', false);
  protected readonly follow = signal(true);
  protected readonly unseen = signal(0);
  protected readonly query = signal('');
  protected readonly pattern = computed(() => searchPattern(this.query()));
  protected readonly current = signal<LinePlace | null>(null);
  protected readonly matches = computed(() => {
    this.log.version();
    return allMatches(this.log.buffer.blocks, this.pattern());
  });
  protected readonly position = computed(() => {
    const current = this.current();
    return this.matches().findIndex(({ block, line }) => block === current?.block && line === current.line);
  });
  protected readonly earlier = computed(() => (this.log.earlier() > 0 ? formatBytes(this.log.earlier()) : ''));
  protected readonly outcome = computed(() => {
    const run = this.log.run();
    return run && this.log.phase() === 'ended' ? runOutcome(run) : '';
  });

  constructor() {
    effect(() => {
      const id = this.instanceId();
      const run = this.runId();
      untracked(() => {
        this.follow.set(true);
        this.unseen.set(0);
        this.current.set(null);
        this.log.open(id, run);
      });
    });
    // A run that was chosen elsewhere, such as in the run history.
    const requests = inject(RunRequests);
    effect(() => {
      const id = this.instanceId();
      if (requests.pending()?.instanceId === id) untracked(() => this.runId.set(requests.take(id)));
    });
    // The list of runs is read again when another run is shown or ends.
    effect(() => {
      const id = this.instanceId();
      this.log.run();
      untracked(() => void this.readRuns(id));
    });
  }

  protected runLabel(run: Run): string {
    return `${formatMoment(run.started_at, new Date())} · ${run.ended_at ? runOutcome(run) : 'going on'}`;
  }

  protected toggleWrap(): void {
    this.preferences.set('log.wrap', !this.wrap());
  }

  protected toEnd(): void {
    this.unseen.set(0);
    this.view()?.toEnd();
  }

  protected step(direction: 1 | -1): void {
    const matches = this.matches();
    if (matches.length === 0) return;
    const start = this.position() < 0 ? (direction > 0 ? -1 : 0) : this.position();
    this.go(matches.at((start + direction + matches.length) % matches.length) ?? null);
  }

  protected search(query: string): void {
    this.query.set(query);
    this.go(this.matches().at(-1) ?? null);
  }

  protected toTrouble(): void {
    const place = firstMatch(this.log.buffer.blocks, troublePattern);
    if (place) this.go(place);
    else this.toasts.info('No error found', this.earlier() ? 'Not in the lines that are loaded.' : '');
  }

  protected async copy(): Promise<void> {
    const lines = this.log.buffer.blocks.flatMap((block) => block.lines.map((_, line) => block.text(line)));
    if (await copyText(lines.join('\n'))) this.toasts.success(`Copied ${lines.length} lines`);
    else this.toasts.warning('The browser does not allow copying', 'Select the text and press Ctrl+C.');
  }

  protected download(): void {
    const run = this.log.run();
    if (!run) return;
    this.api.download(routes.readLog, {
      params: { id: run.instance_id },
      query: { run: run.id, download: 'true' },
    });
  }

  protected async loadEarlier(): Promise<void> {
    const view = this.view();
    const before = view?.rowCount() ?? 0;
    try {
      if ((await this.log.loadEarlier()) > 0) setTimeout(() => view?.keepPlace(before));
    } catch (error) {
      this.toasts.error('Earlier lines could not be read', error);
    }
  }

  protected press(event: KeyboardEvent): void {
    if ((event.ctrlKey || event.metaKey) && event.key === 'f') {
      event.preventDefault();
      this.searchField()?.nativeElement.select();
    }
  }

  private go(place: LinePlace | null): void {
    this.current.set(place);
    if (place) this.view()?.show(place);
  }

  private async readRuns(id: number): Promise<void> {
    try {
      this.runs.set(await this.api.call(routes.listRuns, { params: { id } }));
    } catch {
      // The log itself says what is wrong; without the list only the newest run can be chosen.
      this.runs.set([]);
    }
  }
}
