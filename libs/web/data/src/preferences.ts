import { Injectable, computed, signal, type WritableSignal } from '@angular/core';

export const themes = ['ink', 'violet', 'carbon', 'light'] as const;
export type Theme = (typeof themes)[number];
/** What can be chosen: a theme, or the one that fits the system's setting. */
export type ThemeChoice = Theme | 'system';

/** What a person chose in this browser; kept in localStorage, and forgotten quietly where that is not allowed. */
@Injectable({ providedIn: 'root' })
export class Preferences {
  private readonly signals = new Map<string, WritableSignal<unknown>>();
  private readonly light = matchMedia('(prefers-color-scheme: light)');
  private readonly systemTheme = signal<Theme>(this.light.matches ? 'light' : 'ink');
  private readonly choice = this.remembered<ThemeChoice>('theme', 'system', (value) => themes.includes(value as Theme));
  readonly themeChoice = this.choice.asReadonly();
  /** The theme that is shown. */
  readonly theme = computed<Theme>(() => {
    const choice = this.choice();
    return choice === 'system' ? this.systemTheme() : choice;
  });

  /** Shows a theme and remembers the choice. public/theme.js reads it before the first paint. */
  setTheme(choice: ThemeChoice): void {
    if (choice === 'system') this.forget('theme', choice);
    else this.set('theme', choice);
    this.showTheme();
  }

  /** Shows the chosen theme, and follows the system's setting where none is chosen. */
  followTheme(): void {
    this.showTheme();
    this.light.onchange = () => {
      this.systemTheme.set(this.light.matches ? 'light' : 'ink');
      this.showTheme();
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

  /** A remembered list of words, such as what was used last. */
  list(key: string): WritableSignal<readonly string[]> {
    return this.remembered<readonly string[]>(
      key,
      [],
      (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
    );
  }

  /** Writes a value and remembers it. */
  set(key: string, value: number | boolean | string | readonly string[]): void {
    this.signals.get(key)?.set(value);
    try {
      localStorage.setItem(`aikore.${key}`, JSON.stringify(value));
    } catch {
      // No storage (private window, quota): the choice holds until the page is left.
    }
  }

  private showTheme(): void {
    document.documentElement.dataset['theme'] = this.theme();
  }

  private forget(key: string, initial: unknown): void {
    this.signals.get(key)?.set(initial);
    try {
      localStorage.removeItem(`aikore.${key}`);
    } catch {
      // As above.
    }
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
