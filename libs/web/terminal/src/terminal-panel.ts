import {
  ChangeDetectionStrategy,
  ChangeDetectorRef,
  Component,
  ElementRef,
  Injector,
  afterNextRender,
  computed,
  effect,
  inject,
  input,
  signal,
  untracked,
  viewChild,
  viewChildren,
} from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { MatIconModule } from '@angular/material/icon';
import { MatMenuModule } from '@angular/material/menu';
import type { Instance } from '@aikore/contract';
import { contributeCommands, errorMessage } from '@aikore/web/data';
import { Ask, EmptyState } from '@aikore/web/ui';
import { estimatedSize } from './flow/terminal-size';
import { PanelTabs } from './panel-tabs';
import type { TerminalTab } from './sessions/session-list';
import { TabNames } from './sessions/tab-names';
import { TerminalsStore } from './sessions/terminals-store';
import { TerminalPreferences } from './terminal-preferences';
import { TerminalView } from './view/terminal-view';

/** The terminals of an instance, as tabs. They live on the server: this looks at them. */
@Component({
  selector: 'ak-terminal-panel',
  imports: [EmptyState, MatButtonModule, MatIconModule, MatMenuModule, TerminalView],
  templateUrl: './terminal-panel.html',
  styleUrl: './terminal-panel.scss',
  providers: [PanelTabs],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TerminalPanel {
  readonly instance = input.required<Instance>();
  /** It is the tool that is seen. */
  readonly visible = input(true);

  protected readonly tabs = inject(PanelTabs);
  protected readonly store = inject(TerminalsStore);
  protected readonly preferences = inject(TerminalPreferences);
  private readonly names = inject(TabNames);
  private readonly ask = inject(Ask);
  private readonly changes = inject(ChangeDetectorRef);
  private readonly injector = inject(Injector);
  private readonly element: HTMLElement = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly stage = viewChild.required<ElementRef<HTMLElement>>('stage');
  private readonly views = viewChildren(TerminalView);

  protected readonly titles = signal<ReadonlyMap<string, string>>(new Map());
  protected readonly renaming = signal<string | null>(null);
  protected readonly view = computed(() => this.viewOf(this.tabs.shown()));
  protected readonly problemText = computed(() => {
    const problem = this.tabs.problem();
    return problem === null ? null : errorMessage(problem);
  });
  private begun = false;

  constructor() {
    effect(() => {
      const { id } = this.instance();
      untracked(() => this.tabs.setInstance(id));
    });
    effect(() => {
      const id = this.tabs.shown();
      if (this.visible() && id !== null) untracked(() => this.tabs.see(id));
    });
    effect(() => {
      if (this.tabs.shown() !== null)
        this.afterRender(() => this.shownTab()?.scrollIntoView({ block: 'nearest', inline: 'nearest' }));
    });
    // Whoever opens the tool wants a shell: the first time, one is there without another click.
    effect(() => {
      if (this.begun || !this.visible() || !this.store.loaded()) return;
      this.begun = true;
      untracked(() => (this.tabs.all().length === 0 ? void this.open() : this.focusView()));
    });
    contributeCommands(() => {
      if (!this.visible()) return [];
      const group = 'Terminal';
      return [
        { id: 'terminal.new', label: 'New terminal', group, icon: 'plus', run: () => this.open() },
        {
          id: 'terminal.reader',
          label: `Screen reader mode of terminals: ${this.preferences.screenReader() ? 'off' : 'on'}`,
          group,
          icon: 'terminal',
          words: 'accessibility',
          run: () => this.preferences.toggleScreenReader(),
        },
      ];
    });
  }

  protected async open(): Promise<void> {
    if (this.tabs.opening()) return;
    const { clientWidth, clientHeight } = this.stage().nativeElement;
    const { fontSize } = this.preferences.settings();
    const zoom = this.preferences.zoom() / 100;
    if (await this.tabs.open(estimatedSize(clientWidth * zoom, clientHeight * zoom, fontSize))) this.focusView();
  }

  protected choose(id: string): void {
    this.tabs.choose(id);
    this.focusView();
  }

  protected async close(id: string): Promise<void> {
    const tab = this.tabs.all().find(({ session }) => session.id === id);
    if (!tab) return;
    const mayBeBusy = tab.alive && (this.viewOf(id)?.mayBeBusy ?? true);
    const question = {
      title: `End “${this.nameOf(tab)}”?`,
      message: 'Something may still run in it: the shell and everything that it started will be ended.',
      confirm: 'End it',
      dangerous: true,
    };
    if (mayBeBusy && !(await this.ask.confirm(question))) return;
    await this.tabs.close(id);
  }

  protected nameOf({ session }: TerminalTab): string {
    return this.names.of(session.id) ?? session.name;
  }

  protected hintOf(tab: TerminalTab): string {
    const title = this.titles().get(tab.session.id);
    return [this.nameOf(tab), title, 'Double click or F2: rename'].filter(Boolean).join(' · ');
  }

  protected setTitle(id: string, title: string): void {
    this.titles.update((titles) => new Map(titles).set(id, title));
  }

  protected startRenaming(id: string): void {
    this.renaming.set(id);
    // At once: what is typed next is meant for the field.
    this.changes.detectChanges();
    this.element.querySelector<HTMLInputElement>('input.name')?.select();
  }

  protected rename(id: string, name: string): void {
    if (this.renaming() !== id) return;
    this.renaming.set(null);
    this.names.give(id, name);
  }

  protected pressName(event: KeyboardEvent, id: string, name: string): void {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Enter') this.rename(id, name);
    this.renaming.set(null);
    this.focusTab();
  }

  /** Arrow keys go through the tabs, as in every tab list; Enter goes into the terminal. */
  protected pressTab(event: KeyboardEvent, id: string): void {
    const tabs = this.tabs.all();
    const at = tabs.findIndex(({ session }) => session.id === id);
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step !== undefined) {
      this.tabs.choose(tabs.at((at + step) % tabs.length)?.session.id ?? id);
      this.focusTab();
    } else if (event.key === 'F2') this.startRenaming(id);
    else if (event.key === 'Delete') void this.close(id);
    else return;
    event.preventDefault();
  }

  protected focusTab(): void {
    this.afterRender(() => this.shownTab()?.focus());
  }

  private shownTab(): HTMLElement | null {
    return this.element.querySelector<HTMLElement>('[role=tab][aria-selected=true]');
  }

  /** The keys go into the terminal, unless somebody is going through tabs by keyboard. */
  private focusView(): void {
    if (document.activeElement?.matches('ak-tools-pane [role=tab]:focus-visible')) return;
    this.afterRender(() => this.view()?.focus());
  }

  private viewOf(id: string | null): TerminalView | undefined {
    return this.views().find((view) => view.session().id === id);
  }

  private afterRender(work: () => void): void {
    afterNextRender(work, { injector: this.injector });
  }
}
