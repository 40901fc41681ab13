import { Injectable, computed, inject, signal } from '@angular/core';
import type { TerminalSession } from '@aikore/contract';
import { ApiError, Toasts } from '@aikore/web/data';
import type { TerminalSize } from './flow/terminal-size';
import { neighbourOf, tabsOf } from './sessions/session-list';
import { TerminalsStore } from './sessions/terminals-store';

/** The tabs of one panel: which there are, which one is shown, and which were looked at. */
@Injectable()
export class PanelTabs {
  private readonly store = inject(TerminalsStore);
  private readonly toasts = inject(Toasts);
  private readonly instanceId = signal(0);
  private readonly seen = signal<readonly TerminalSession[]>([]);
  private readonly closing = signal<ReadonlySet<string>>(new Set());
  private readonly chosen = signal<string | null>(null);

  readonly opening = signal(false);
  /** Why the last terminal could not be opened. */
  readonly problem = signal<unknown>(null);
  readonly all = computed(() =>
    tabsOf(this.store.sessions(), this.seen(), this.instanceId()).filter(
      ({ session }) => !this.closing().has(session.id),
    ),
  );
  readonly shown = computed(() => {
    const tabs = this.all();
    return (tabs.find(({ session }) => session.id === this.chosen()) ?? tabs.at(-1))?.session.id ?? null;
  });
  /** Those that have a screen here. */
  readonly viewed = computed(() => {
    const ids = new Set(this.seen().map(({ id }) => id));
    return this.all().filter(({ session }) => ids.has(session.id));
  });

  setInstance(id: number): void {
    this.instanceId.set(id);
  }

  choose(id: string): void {
    this.chosen.set(id);
  }

  /** Somebody looks at it: it has a screen from now on, and stays when it ends. */
  see(id: string): void {
    // One that is opened elsewhere does not take its place.
    this.choose(id);
    const session = this.store.find(id);
    if (session && !this.seen().some((one) => one.id === id)) this.seen.update((seen) => [...seen, session]);
  }

  /** Starts a terminal and shows it. @returns whether there is one */
  async open(size: TerminalSize): Promise<boolean> {
    this.opening.set(true);
    this.problem.set(null);
    try {
      const { id } = await this.store.open(this.instanceId(), size);
      this.choose(id);
      return true;
    } catch (error) {
      this.problem.set(error);
      if (this.all().length > 0) this.toasts.error('No terminal was opened', error);
      return false;
    } finally {
      this.opening.set(false);
    }
  }

  /** Ends a terminal, or puts away what is left of one. */
  async close(id: string): Promise<void> {
    if (this.shown() === id) this.chosen.set(neighbourOf(this.all(), id));
    const alive = this.store.find(id) !== undefined;
    // Its tab goes at once: it ends because of us, and need not say so.
    this.hide(id, true);
    try {
      if (alive) await this.store.close(id);
      this.forget(id);
    } catch (error) {
      const isOver = error instanceof ApiError && error.code === 'not_found';
      if (isOver) this.forget(id);
      else this.toasts.error('The terminal was not closed', error);
    } finally {
      this.hide(id, false);
    }
  }

  private forget(id: string): void {
    this.seen.update((seen) => seen.filter((session) => session.id !== id));
  }

  private hide(id: string, hidden: boolean): void {
    const others = [...this.closing()].filter((other) => other !== id);
    this.closing.set(new Set(hidden ? [...others, id] : others));
  }
}
