import { Injectable, signal, type WritableSignal } from '@angular/core';

export const themes = ['ink', 'violet', 'light'] as const;
export type Theme = (typeof themes)[number];

/** What a person chose in this browser; kept in localStorage, and forgotten quietly where that is not allowed. */
@Injectable({ providedIn: 'root' })
export class Preferences {
  private readonly signals = new Map<string, WritableSignal<unknown>>();
  private readonly light = matchMedia('(prefers-color-scheme: light)');
  private readonly writable = this.remembered<Theme>('theme', this.systemTheme(), (value) =>
    themes.includes(value as Theme),
  );
  readonly theme = this.writable.asReadonly();

  setTheme(theme: Theme): void {
    this.light.onchange = null;
    this.set('theme', theme);
    document.documentElement.dataset['theme'] = theme;
  }

  /** Shows the chosen theme or, until one is chosen, the one that fits the system's setting. */
  followTheme(): void {
    document.documentElement.dataset['theme'] = this.theme();
    if (this.read('theme') !== null) return;
    this.light.onchange = () => {
      this.writable.set(this.systemTheme());
      document.documentElement.dataset['theme'] = this.theme();
    };
  }

  /** A remembered number between two bounds, such as a pane's share or a zoom; nonsense in the store gives `initial`. */
  number(key: string, initial: number, min: number, max: number): WritableSignal<number> {
    return this.remembered(key, initial, (value) => typeof value === 'number' && value >= min && value <= max);
  }

  /** A remembered switch. */
  flag(key: string, initial: boolean): WritableSignal<boolean> {
    return this.remembered(key, initial, (value) => typeof value === 'boolean');
  }

  /** Writes a value and remembers it. */
  set(key: string, value: number | boolean | string): void {
    this.signals.get(key)?.set(value);
    try {
      localStorage.setItem(`aikore.${key}`, JSON.stringify(value));
    } catch {
      // No storage (private window, quota): the choice holds until the page is left.
    }
  }

  private systemTheme(): Theme {
    return this.light.matches ? 'light' : 'ink';
  }

  private remembered<T>(key: string, initial: T, valid: (value: unknown) => boolean): WritableSignal<T> {
    const known = this.signals.get(key) as WritableSignal<T> | undefined;
    if (known) return known;
    const stored = this.read(key);
    const made = signal<T>(valid(stored) ? (stored as T) : initial);
    this.signals.set(key, made as WritableSignal<unknown>);
    return made;
  }

  private read(key: string): unknown {
    try {
      return JSON.parse(localStorage.getItem(`aikore.${key}`) ?? 'null');
    } catch {
      return null;
    }
  }
}
