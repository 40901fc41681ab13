import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  computed,
  effect,
  inject,
  input,
  resource,
  signal,
} from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { MatIconModule } from '@angular/material/icon';
import { DomSanitizer } from '@angular/platform-browser';
import type { AllowedAction, Instance } from '@aikore/contract';
import { InstancesStore, Toasts, Tools, errorMessage } from '@aikore/web/data';
import { EmptyState, StatusChip, openTab } from '@aikore/web/ui';
import { obstacleTo, obstacleWords, stageOf } from './view-state';

/** A frame that has not loaded by then, in ms, may be one that the browser keeps back. */
const patienceMs = 10_000;

/** The app itself, in a frame of its own origin. A new run, and a reload, enter with a new ticket. */
@Component({
  selector: 'ak-view-panel',
  imports: [EmptyState, MatButtonModule, MatIconModule, StatusChip],
  templateUrl: './view-panel.html',
  styleUrl: './view-panel.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ViewPanel {
  readonly instance = input.required<Instance>();
  readonly visible = input(true);

  private readonly store = inject(InstancesStore);
  private readonly toasts = inject(Toasts);
  private readonly tools = inject(Tools);
  private readonly sanitizer = inject(DomSanitizer);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  protected readonly obstacles = obstacleWords;
  protected readonly busy = signal(false);
  protected readonly slow = signal(false);
  protected readonly stage = computed(() => stageOf(this.instance().status));
  /** What one entry is good for; a stalled app that answers again is not loaded anew. */
  private readonly entry = computed(() => {
    const { id, run, port } = this.instance();
    return this.stage() === 'app' ? `${id} ${run?.id ?? ''} ${port ?? ''}` : undefined;
  });
  protected readonly opened = resource({
    params: () => this.entry(),
    loader: () => this.store.openFramed(this.instance().id),
  });
  private readonly answer = computed(() =>
    this.opened.hasValue() && !this.opened.isLoading() ? this.opened.value() : null,
  );
  protected readonly obstacle = computed(() => {
    const answer = this.answer();
    return answer && obstacleTo(answer, new URL(location.href));
  });
  protected readonly origin = computed(() =>
    this.stage() === 'app' && this.answer() ? new URL(this.answer()?.url ?? '').host : '',
  );
  protected readonly source = computed(() => {
    const answer = this.answer();
    if (!answer || this.obstacle() || this.stage() !== 'app') return null;
    // Our own server's word, and the CSP's frame-src holds it to apps' origins.
    return this.sanitizer.bypassSecurityTrustResourceUrl(answer.url);
  });
  protected readonly problem = computed(() => errorMessage(this.opened.error()));
  protected readonly words = computed(
    () => ({ error: ' has failed', stopping: ' is stopping' })[this.instance().status as string] ?? ' does not run',
  );
  protected readonly advice = computed(() => {
    if (this.instance().status === 'stopping') return 'It can be started again in a moment.';
    const failed = this.instance().status === 'error' && this.instance().status_reason?.message;
    return failed || 'Start it, and it appears here as soon as it answers.';
  });

  constructor() {
    effect((onCleanup) => {
      this.slow.set(false);
      if (!this.source()) return;
      const timer = setTimeout(() => this.slow.set(true), patienceMs);
      this.stopWaiting = () => clearTimeout(timer);
      onCleanup(this.stopWaiting);
    });
  }

  private stopWaiting: () => void = () => undefined;

  protected can(action: AllowedAction): boolean {
    return this.instance().allowedActions.includes(action);
  }

  protected loaded(): void {
    this.stopWaiting();
    this.slow.set(false);
  }

  protected async start(): Promise<void> {
    this.busy.set(true);
    try {
      await this.store.act(this.instance().id, 'start');
    } catch (error) {
      this.toasts.error(`“${this.instance().name}” could not be started`, error);
    } finally {
      this.busy.set(false);
    }
  }

  protected logs(): void {
    this.tools.open('logs', this.instance().id);
  }

  protected async openTab(): Promise<void> {
    try {
      await openTab(() => this.store.open(this.instance().id));
    } catch (error) {
      this.toasts.error(`“${this.instance().name}” could not be opened`, error);
    }
  }

  protected async fullScreen(): Promise<void> {
    try {
      await (this.host.querySelector('iframe') ?? this.host).requestFullscreen();
    } catch {
      this.toasts.warning('The browser does not allow full screen here', 'Open the app in a tab instead.');
    }
  }
}
