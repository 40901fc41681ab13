import { ChangeDetectionStrategy, Component, signal } from '@angular/core';
import { Palette, type PaletteItem } from '@aikore/web/ui';

@Component({
  selector: 'ak-palette-demo',
  imports: [Palette],
  template: `
    <div class="box"><ak-palette [items]="items" [recent]="['Stop ComfyUI']" (picked)="last.set($event.label)" /></div>
    <p class="ak-dim">Last: {{ last() || 'nothing' }}</p>
  `,
  styles: `
    .box {
      border: 1px solid var(--ak-line-strong);
      border-radius: 12px;
      background: var(--mat-sys-surface-container-high);
    }
    p {
      margin: 8px 0 0;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PaletteDemo {
  protected readonly last = signal('');
  protected readonly items: readonly PaletteItem[] = [
    { id: 'logs', label: 'Logs', group: 'Tools', icon: 'logs', keys: 'l' },
    { id: 'find', label: 'Find', group: 'Tools', icon: 'search', keys: 'Ctrl F' },
    ...['Start', 'Stop', 'Restart'].map((verb) => ({
      id: `${verb} ComfyUI`,
      label: `${verb} ComfyUI`,
      group: 'Instances',
      icon: verb === 'Start' ? 'play' : verb === 'Stop' ? 'stop' : 'restart',
    })),
  ];
}
