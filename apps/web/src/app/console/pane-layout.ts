import { Injectable, computed, signal } from '@angular/core';
import { mediaQuery } from '@aikore/web/ui';

export const panes = [
  { name: 'instances', label: 'Instances' },
  { name: 'tools', label: 'Tools' },
  { name: 'monitoring', label: 'Monitoring' },
] as const;
export type PaneName = (typeof panes)[number]['name'];

/** Which panes are seen: all three, one alone (maximised), or one at a time where the screen is narrow. */
@Injectable()
export class PaneLayout {
  readonly narrow = mediaQuery('(max-width: 699px)');
  readonly tab = signal<PaneName>('instances');
  readonly maximised = signal<PaneName | null>(null);

  private readonly alone = computed(() => (this.narrow() ? this.tab() : this.maximised()));
  readonly onlyRow = computed(() => {
    const alone = this.alone();
    return alone === null ? null : alone === 'instances' ? 'first' : 'second';
  });
  readonly onlyColumn = computed(() => {
    const alone = this.alone();
    return alone === 'tools' ? 'first' : alone === 'monitoring' ? 'second' : null;
  });

  /** Brings a pane into sight. */
  show(pane: PaneName): void {
    if (this.maximised() !== pane) this.maximised.set(null);
    this.tab.set(pane);
  }

  /** Shows a pane alone, or all of them again. */
  toggle(pane: PaneName): void {
    this.maximised.set(this.maximised() === pane ? null : pane);
    this.tab.set(pane);
  }
}
