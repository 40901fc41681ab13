import {
  CSP_NONCE,
  ChangeDetectionStrategy,
  ChangeDetectorRef,
  Component,
  DestroyRef,
  ElementRef,
  afterNextRender,
  computed,
  effect,
  inject,
  input,
  output,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { MatIconModule } from '@angular/material/icon';
import type { TerminalEnding, TerminalSession } from '@aikore/contract';
import { Toasts, errorMessage } from '@aikore/web/data';
import { Ask } from '@aikore/web/ui';
import { TerminalLink, type LinkListener, type LinkState } from '../flow/terminal-link';
import type { TerminalSize } from '../flow/terminal-size';
import { loadScreen } from '../load-screen';
import { pasteableText } from '../paste';
import type { ScreenHandlers, TerminalScreen } from '../screen';
import { cleanTitle } from '../sessions/clean-title';
import { TerminalsStore } from '../sessions/terminals-store';
import { TerminalPreferences } from '../terminal-preferences';
import { TerminalClipboard } from './terminal-clipboard';
import { TerminalSearch, type Search } from './terminal-search';

/** How long a terminal that is out of sight stays attached, in ms: who looks at the log for a moment comes back to it as it was. */
const awayMs = 60_000;
/** A box that is being resized is measured when it rests for so long, in ms. */
const restMs = 80;

/** One terminal of the server, on a screen of xterm.js. */
@Component({
  selector: 'ak-terminal-view',
  imports: [MatButtonModule, MatIconModule, TerminalSearch],
  templateUrl: './terminal-view.html',
  styleUrl: './terminal-view.scss',
  host: { '[class.away]': '!shown()', '[attr.data-state]': 'state()', '[attr.data-session]': 'session().id' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TerminalView {
  readonly session = input.required<TerminalSession>();
  /** It is the one that is seen. */
  readonly shown = input.required<boolean>();
  readonly titled = output<string>();
  readonly left = output<void>();
  readonly again = output<void>();

  protected readonly preferences = inject(TerminalPreferences);
  private readonly store = inject(TerminalsStore);
  private readonly clipboard = inject(TerminalClipboard);
  private readonly ask = inject(Ask);
  private readonly toasts = inject(Toasts);
  private readonly changes = inject(ChangeDetectorRef);
  private readonly destroyRef = inject(DestroyRef);
  private readonly nonce = inject(CSP_NONCE, { optional: true });
  private readonly box = viewChild.required<ElementRef<HTMLElement>>('box');
  private readonly searchBar = viewChild(TerminalSearch);

  protected readonly noticeableBytes = 256 * 1024;
  protected readonly loaded = signal(false);
  protected readonly state = signal<LinkState>('away');
  protected readonly problem = signal<string | null>(null);
  protected readonly ending = signal<TerminalEnding | null>(null);
  protected readonly lagged = signal(false);
  protected readonly foreignSize = signal<TerminalSize | null>(null);
  protected readonly waiting = signal(0);
  protected readonly address = signal<string | null>(null);
  protected readonly searching = signal(false);
  protected readonly found = signal({ at: -1, count: 0 });
  protected link: TerminalLink | null = null;
  private screen: TerminalScreen | null = null;
  private wantsFocus = false;
  private destroyed = false;
  private lastOutput = 0;
  private readonly settings = computed(() => ({ ...this.preferences.settings(), canType: this.state() === 'live' }));

  constructor() {
    afterNextRender(() => void this.start());
    effect((onCleanup) => {
      if (!this.loaded()) return;
      const seen = this.shown();
      untracked(() => this.look(seen));
      if (seen) return;
      const timer = setTimeout(() => this.link?.detach(), awayMs);
      onCleanup(() => clearTimeout(timer));
    });
    effect(() => {
      const settings = this.settings();
      if (!this.loaded()) return;
      this.screen?.set(settings);
      untracked(() => this.fit());
    });
    this.destroyRef.onDestroy(() => {
      this.destroyed = true;
      this.link?.dispose();
      this.screen?.dispose();
    });
  }

  /** Something was written to it within the last minute, or nobody here knows. */
  get mayBeBusy(): boolean {
    return this.state() !== 'ended' && (this.state() !== 'live' || Date.now() - this.lastOutput < 60_000);
  }

  focus(): void {
    this.wantsFocus = this.screen === null;
    this.screen?.focus();
  }

  async copy(): Promise<void> {
    if (this.screen?.hasSelection) await this.clipboard.write(this.screen.selection);
    else this.toasts.info('Nothing is selected', 'Select text in the terminal first, then copy it.');
  }

  async pasteClipboard(): Promise<void> {
    const text = await this.clipboard.read();
    if (text !== null) await this.paste(text);
  }

  selectAll(): void {
    this.screen?.selectAll();
  }

  openSearch(): void {
    this.searching.set(true);
    // At once: what is typed next is meant for the field.
    this.changes.detectChanges();
    this.searchBar()?.focus();
  }

  protected closeSearch(): void {
    this.searching.set(false);
    this.screen?.find('', 'next');
    this.focus();
  }

  protected search({ text, direction, typing }: Search): void {
    if (text === '') this.found.set({ at: -1, count: 0 });
    this.screen?.find(text, direction, typing);
  }

  protected retry(): void {
    this.problem.set(null);
    if (this.link) this.link.retry(this.screen?.fit() ?? null);
    else void this.start();
  }

  /** Gives the terminal the size of this place. */
  protected fit(): void {
    const size = this.shown() ? this.screen?.fit() : null;
    if (!size || this.state() === 'ended') return;
    this.link?.resize(size);
    this.foreignSize.set(null);
  }

  protected megabytes(bytes: number): string {
    return (bytes / 1_000_000).toFixed(1);
  }

  private async start(): Promise<void> {
    try {
      const [{ TerminalScreen }] = await Promise.all([loadScreen(), fontIsThere(this.box().nativeElement)]);
      if (this.destroyed) return;
      const screen = new TerminalScreen(this.box().nativeElement, this.settings(), this.handlers, this.nonce);
      this.screen = screen;
      this.link = new TerminalLink(this.store.channel, this.session().id, screen, this.listener);
      this.watchSize();
      this.loaded.set(true);
    } catch (error) {
      this.problem.set(`The terminal could not be loaded: ${errorMessage(error)}`);
    }
  }

  private look(seen: boolean): void {
    this.screen?.show(seen);
    if (!seen) return;
    // Attached already, after a short absence: its place may have another size now.
    if (this.state() !== 'away') this.fit();
    else this.link?.attach(this.screen?.fit() ?? null);
    if (this.wantsFocus) this.focus();
  }

  private watchSize(): void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const observer = new ResizeObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(() => this.fit(), restMs);
    });
    observer.observe(this.box().nativeElement);
    this.destroyRef.onDestroy(() => {
      observer.disconnect();
      clearTimeout(timer);
    });
  }

  private async paste(text: string): Promise<void> {
    if (!this.screen || !(await this.clipboard.mayPaste(text, this.screen.bracketsPastes))) return;
    this.screen.paste(pasteableText(text));
    this.focus();
  }

  private type(data: Uint8Array): void {
    if (this.link?.input(data) || this.state() !== 'live') return;
    this.toasts.error('Too much to paste', 'A terminal takes 32 MB at a time. Put it into a file instead.');
  }

  private async follow(address: string, isText: boolean): Promise<void> {
    const question = { title: 'Open this address?', message: address, confirm: 'Open' };
    if (isText || (await this.ask.confirm(question))) window.open(address, '_blank', 'noopener,noreferrer');
  }

  private readonly listener: LinkListener = {
    state: (state) => {
      this.state.set(state);
      // What was written just before is not known.
      if (state === 'live') this.lastOutput = Date.now();
    },
    ended: (ending) => this.ending.set(ending),
    failed: (error) => this.problem.set(errorMessage(error)),
    lagged: () => this.lagged.set(true),
    output: () => (this.lastOutput = Date.now()),
    resized: (size) => this.foreignSize.set(size),
    waiting: (bytes) => this.waiting.set(bytes),
    inputFailed: (error) => this.toasts.error('What was typed did not arrive', error),
  };

  private readonly handlers: ScreenHandlers = {
    input: (data) => this.type(data),
    pasted: (text) => void this.paste(text),
    title: (title) => this.titled.emit(cleanTitle(title)),
    used: () => this.foreignSize() && this.fit(),
    followed: (address, isText) => void this.follow(address, isText),
    pointed: (address) => this.address.set(address),
    found: (at, count) => this.found.set({ at, count }),
    command: (command) => {
      const commands = {
        copy: () => void this.copy(),
        find: () => this.openSearch(),
        larger: () => this.preferences.changeSize(1),
        smaller: () => this.preferences.changeSize(-1),
        'usual-size': () => this.preferences.changeSize(null),
        leave: () => this.left.emit(),
      };
      commands[command]();
    },
  };
}

/** xterm measures the letters once: they must be ours by then. */
async function fontIsThere(element: Element): Promise<void> {
  const family = getComputedStyle(element).getPropertyValue('--ak-mono');
  await document.fonts.load(`13px ${family}`).catch(() => []);
}
