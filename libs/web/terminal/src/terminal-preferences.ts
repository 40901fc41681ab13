import { Injectable, computed, inject } from '@angular/core';
import { Preferences } from '@aikore/web/data';
import { mediaQuery, zoomRange } from '@aikore/web/ui';

const fontSizes = { min: 8, max: 28, initial: 13 } as const;

/** How this person wants terminals, in this browser. */
@Injectable({ providedIn: 'root' })
export class TerminalPreferences {
  private readonly preferences = inject(Preferences);
  private readonly reducedMotion = mediaQuery('(prefers-reduced-motion: reduce)');
  private readonly size = this.preferences.number('terminal.fontSize', fontSizes.initial, fontSizes.min, fontSizes.max);

  readonly screenReader = this.preferences.flag('terminal.screenReader', false);
  /**
   * Percent, of the Tools pane. xterm measures in pixels of the screen and would be wrong in a zoomed box: the zoom is
   * taken back around it, and its letters are made larger instead.
   */
  readonly zoom = this.preferences.number('zoom.terminal', zoomRange.initial, zoomRange.min, zoomRange.max);
  readonly settings = computed(() => ({
    fontSize: Math.round((this.size() * this.zoom()) / 10) / 10,
    dark: this.preferences.theme() !== 'light',
    // Read so that a change of theme among dark ones is seen, too.
    themeName: this.preferences.theme(),
    blink: !this.reducedMotion(),
    screenReader: this.screenReader(),
  }));

  /** @param steps pixels; null: back to the usual size */
  changeSize(steps: number | null): void {
    const size = steps === null ? fontSizes.initial : this.size() + steps;
    this.preferences.set('terminal.fontSize', Math.min(fontSizes.max, Math.max(fontSizes.min, size)));
  }

  toggleScreenReader(): void {
    this.preferences.set('terminal.screenReader', !this.screenReader());
  }
}
