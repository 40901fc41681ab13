import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  Injector,
  afterNextRender,
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
import { MatMenuModule } from '@angular/material/menu';
import { routes, troublePattern, type Instance, type Run } from '@aikore/contract';
import { ApiClient, Connection, Preferences, RunRequests, Toasts } from '@aikore/web/data';
import { EmptyState, StatusChip, copyText, formatBytes, formatMoment, runOutcome } from '@aikore/web/ui';
import { searchPattern } from './highlight';
import { LogModel } from './log-model';
import { LogSearch, type LogQuest } from './log-search';
import { LogView } from './log-view';
import { allMatches, firstMatch, type LinePlace } from './log-window';

/** The log of an instance: which run, search, follow, copy, download, and the lines. */
@Component({
  selector: 'ak-logs-panel',
  imports: [EmptyState, FormsModule, LogView, MatIconModule, MatMenuModule, StatusChip],
  templateUrl: './logs-panel.html',
  styleUrl: './logs-panel.scss',
  providers: [LogModel, LogSearch],
  host: { '(keydown)': 'press($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LogsPanel {
  readonly instance = input.required<Instance>();
  /** It is the tool that is seen. */
  readonly visible = input(true);

  protected readonly log = inject(LogModel);
  protected readonly connection = inject(Connection);
  protected readonly finder = inject(LogSearch);
  private readonly injector = inject(Injector);
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
  protected readonly times = this.preferences.flag('log.times', false);
  protected readonly follow = signal(true);
  protected readonly unseen = signal(0);
  protected readonly query = signal('');
  protected readonly pattern = computed(() => searchPattern(this.query()));
  /** Offset of the line that was gone to: a line that grows, or whose block is joined, is still the same one. */
  protected readonly current = signal<number | null>(null);
  protected readonly matches = computed(() => {
    this.log.version();
    return allMatches(this.log.buffer.blocks, this.pattern());
  });
  protected readonly position = computed(() => {
    const current = this.current();
    return this.matches().findIndex(({ block, line }) => block.offset(line) === current);
  });
  protected readonly found = computed(() => {
    const count = this.matches().length;
    if (this.log.whole()) return `${this.position() + 1}/${count}`;
    return count > 0 ? `${this.position() + 1}/${count}+` : 'Enter: whole run';
  });
  protected readonly searching = computed(() => {
    const searched = this.finder.searched();
    return searched === null ? '' : `searching … ${formatBytes(searched)}`;
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
        this.finder.cancel();
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

  protected toggleTimes(): void {
    this.preferences.set('log.times', !this.times());
    if (this.times() && !this.log.timed()) {
      this.toasts.info('No line here has a time', 'Only lines that come while this page is open have one.');
    }
  }

  protected async toEnd(): Promise<void> {
    this.unseen.set(0);
    if (!this.log.attached()) await this.tried(this.log.jumpToEnd());
    this.afterDrawing(() => this.view()?.toEnd());
  }

  protected async toStart(): Promise<void> {
    this.follow.set(false);
    await this.tried(this.log.jumpTo(this.log.run()?.log_start ?? 0));
    this.afterDrawing(() => this.view()?.toStart());
  }

  /** The next match, in what is loaded or else in all of the run; from the other end on when there is none. */
  protected async step(direction: 1 | -1): Promise<void> {
    const matches = this.matches();
    if (!this.query()) return;
    const start = this.position() < 0 ? (direction > 0 ? -1 : matches.length) : this.position();
    const next = matches[start + direction];
    if (next) return this.go(next);
    if (this.log.whole()) return this.go(matches.at(direction > 0 ? 0 : -1) ?? null);
    const back = direction < 0;
    const edge = back ? this.log.buffer.from : this.log.buffer.wholeEnd;
    await this.seek({ text: this.query(), from: edge, back }, `“${this.query()}” is not in this run`);
  }

  protected search(query: string): void {
    this.query.set(query);
    this.go(this.matches().at(-1) ?? null);
  }

  protected async toTrouble(): Promise<void> {
    const place = this.log.earlier() ? null : firstMatch(this.log.buffer.blocks, troublePattern);
    if (place) this.go(place, troublePattern);
    else await this.seek({ text: null, from: undefined, back: false }, 'No error found in this run');
  }

  /** What is selected; without a selection every line that is loaded. */
  protected async copy(): Promise<void> {
    const selected = String(getSelection() ?? '');
    const lines = this.log.buffer.blocks.flatMap((block) => block.lines.map((_, line) => block.text(line)));
    if (!(await copyText(selected || lines.join('\n')))) {
      this.toasts.warning('The browser does not allow copying', 'Select the text and press Ctrl+C.');
    } else if (selected) this.toasts.success('Copied the selection');
    else this.toasts.success(`Copied ${lines.length} lines`, this.log.whole() ? '' : 'Download gives the whole run.');
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

  protected async loadLater(): Promise<void> {
    await this.tried(this.log.loadLater());
  }

  /** Keys of the whole panel; those of the lines only while nobody types. */
  protected press(event: KeyboardEvent): void {
    const finds = (event.ctrlKey || event.metaKey) && event.key === 'f';
    const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (event.key === 'Escape' && this.finder.searched() !== null) this.finder.cancel();
    if (!finds && (typing || event.ctrlKey || event.metaKey || event.altKey)) return;
    const action = finds ? this.keys['/'] : this.keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  private readonly keys: Readonly<Record<string, () => void>> = {
    '/': () => this.searchField()?.nativeElement.select(),
    n: () => void this.step(1),
    N: () => void this.step(-1),
    Home: () => void this.toStart(),
    End: () => void this.toEnd(),
  };

  /** Looks in all of the run, from `from` on and then from the other end, and shows what is found. */
  private async seek(quest: Pick<LogQuest, 'text' | 'from' | 'back'>, nothing: string): Promise<void> {
    const run = this.log.run();
    if (!run) return;
    const whole = { ...quest, instanceId: run.instance_id, run: run.id };
    const hit = await this.tried(this.finder.find(whole));
    const again = hit === null && quest.from !== undefined;
    const found = again ? await this.tried(this.finder.find({ ...whole, from: undefined })) : hit;
    if (found === null) this.toasts.info(nothing);
    if (!found || found === 'cancelled') return;
    this.follow.set(false);
    const place = await this.tried(this.log.jumpTo(found.offset));
    const pattern = quest.text === null ? troublePattern : this.pattern();
    if (place) this.afterDrawing(() => this.go(place, pattern));
    else if (place === null) this.toasts.info('The line that was found is not kept any more', found.text);
  }

  /** @returns undefined, after a message, when it failed */
  private async tried<T>(work: Promise<T>): Promise<T | undefined> {
    try {
      return await work;
    } catch (error) {
      this.toasts.error('The log could not be read', error);
      return undefined;
    }
  }

  private afterDrawing(action: () => void): void {
    afterNextRender(action, { injector: this.injector });
  }

  private go(place: LinePlace | null, pattern = this.pattern()): void {
    this.current.set(place && place.block.offset(place.line));
    if (!place) return;
    const column = pattern ? place.block.text(place.line).search(pattern) : 0;
    this.view()?.show(place, Math.max(0, column));
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
