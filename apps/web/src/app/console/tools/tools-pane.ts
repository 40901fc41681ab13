import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  afterRenderEffect,
  computed,
  effect,
  inject,
  linkedSignal,
  model,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { MatIconModule } from '@angular/material/icon';
import type { Instance } from '@aikore/contract';
import { InstancesStore, Preferences, Tools } from '@aikore/web/data';
import { EmptyState, Pane, StatusChip, mediaQuery, zoomRange } from '@aikore/web/ui';
import { WelcomePanel } from '../welcome/welcome-panel';
import { InstanceSelect } from './instance-select';
import { keepTools, keyOf, type KeptTool } from './kept-tools';
import { ToolHost } from './tool-host';

const suggestedAtMost = 6;

/** The tools, one seen at a time; those that were used stay alive behind it. */
@Component({
  selector: 'ak-tools-pane',
  imports: [EmptyState, InstanceSelect, MatIconModule, Pane, StatusChip, ToolHost, WelcomePanel],
  templateUrl: './tools-pane.html',
  styleUrl: './tools-pane.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ToolsPane {
  readonly maximised = model(false);

  protected readonly tools = inject(Tools);
  protected readonly store = inject(InstancesStore);
  private readonly preferences = inject(Preferences);

  /** There the header has room for the tools only. */
  protected readonly narrow = mediaQuery('(max-width: 699px)');
  private readonly strip = viewChild.required<ElementRef<HTMLElement>>('strip');
  protected readonly kept = signal<readonly KeptTool[]>([]);
  protected readonly shownKey = computed(() => keyOf(this.tools.place()));
  protected readonly shownId = computed(() => this.tools.place().tool?.id ?? null);
  protected readonly about = computed(() => this.tools.place().tool?.about ?? null);
  protected readonly tabs = computed(() => [
    { id: null, label: 'Welcome', icon: 'home' },
    ...this.tools.available().map(({ id, label, icon }) => ({ id, label, icon })),
  ]);
  private readonly instance = computed(() => this.store.find(this.tools.place().instanceId ?? 0));
  /** A few to choose from, those that run first; the header has them all. */
  protected readonly suggested = computed(() => {
    const runs = ({ status }: Instance) => (status === 'stopped' || status === 'error' ? 1 : 0);
    return [...this.store.instances()].sort((a, b) => runs(a) - runs(b)).slice(0, suggestedAtMost);
  });
  /** The name of the chosen instance, also after it was deleted. */
  protected readonly goneName = linkedSignal<{ id: number | null; name: string | undefined }, string>({
    source: () => ({ id: this.tools.place().instanceId, name: this.instance()?.name }),
    computation: ({ id, name }, before) => {
      if (name !== undefined) return `“${name}”`;
      return before && before.source.id === id ? before.value : 'This instance';
    },
  });
  /** Why there is nothing to show. */
  protected readonly gap = computed(() => {
    if (this.about() !== 'instance') return null;
    if (this.tools.place().instanceId === null) return 'none';
    if (this.instance()) return null;
    return this.store.loaded() ? 'deleted' : 'waiting';
  });
  protected readonly zoomKey = computed(() => `zoom.${this.shownId() ?? 'welcome'}`);
  protected readonly zoom = computed(() =>
    this.preferences.number(this.zoomKey(), zoomRange.initial, zoomRange.min, zoomRange.max)(),
  );

  constructor() {
    // Where the tabs do not fit, the one that is shown is in sight.
    afterRenderEffect(() => {
      this.shownId();
      const tab = this.strip().nativeElement.querySelector('[aria-selected=true]');
      tab?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    });
    effect(() => {
      // Read while the name is there, to be known afterwards.
      this.goneName();
      const place = this.tools.place();
      // Before the first snapshot nothing is known to be gone.
      const exists = (id: number) => !this.store.loaded() || this.store.find(id) !== undefined;
      const kept = keepTools(untracked(this.kept), place, exists);
      this.kept.set(kept);
    });
  }

  protected remember(zoom: number): void {
    this.preferences.set(this.zoomKey(), zoom);
  }

  /** Arrow keys go through the tabs, as in every tab list. */
  protected press(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const tab = event.currentTarget as HTMLElement;
    const tabs = [...(tab.parentElement?.querySelectorAll<HTMLElement>('[role=tab]') ?? [])];
    const next = tabs.at((tabs.indexOf(tab) + step) % tabs.length);
    next?.focus();
    next?.click();
  }
}
