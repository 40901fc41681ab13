import { ChangeDetectionStrategy, Component, computed, inject, signal, viewChild } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { MatDialog } from '@angular/material/dialog';
import { Preferences, Tools } from '@aikore/web/data';
import { InstancesPanel } from '@aikore/web/instances';
import { Pane, Split, mediaQuery, zoomRange } from '@aikore/web/ui';
import { MonitoringCard } from './monitoring-card';
import { ShortcutsDialog } from './shortcuts-dialog';
import { ToolsPane } from './tools/tools-pane';
import { TopBar } from './top-bar';

type PaneName = 'instances' | 'tools' | 'monitoring';

/** The console: top bar and three panes, as tabs where the screen is narrow. */
@Component({
  selector: 'ak-console-page',
  imports: [InstancesPanel, MonitoringCard, Pane, Split, ToolsPane, TopBar],
  templateUrl: './console.page.html',
  styleUrl: './console.page.scss',
  host: { '(document:keydown)': 'press($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConsolePage {
  private readonly tools = inject(Tools);
  private readonly dialog = inject(MatDialog);
  private readonly preferences = inject(Preferences);
  private readonly instances = viewChild(InstancesPanel);

  protected readonly narrow = mediaQuery('(max-width: 699px)');
  protected readonly tab = signal<PaneName>('instances');
  protected readonly maximised = signal<PaneName | null>(null);
  protected readonly rows = this.preferences.number('split.rows', 0.55, 0, 1);
  protected readonly columns = this.preferences.number('split.columns', 0.68, 0, 1);
  protected readonly zooms = {
    instances: this.zoomOf('instances'),
    monitoring: this.zoomOf('monitoring'),
  };
  protected readonly tabs: readonly { name: PaneName; label: string }[] = [
    { name: 'instances', label: 'Instances' },
    { name: 'tools', label: 'Tools' },
    { name: 'monitoring', label: 'Monitoring' },
  ];

  private readonly alone = computed(() => (this.narrow() ? this.tab() : this.maximised()));
  protected readonly onlyRow = computed(() => {
    const alone = this.alone();
    return alone === null ? null : alone === 'instances' ? 'first' : 'second';
  });
  protected readonly onlyColumn = computed(() => {
    const alone = this.alone();
    return alone === 'tools' ? 'first' : alone === 'monitoring' ? 'second' : null;
  });

  protected remember(key: string, value: number): void {
    this.preferences.set(key, value);
  }

  protected maximise(pane: PaneName, on: boolean): void {
    this.maximised.set(on ? pane : null);
  }

  constructor() {
    this.tools.opened.pipe(takeUntilDestroyed()).subscribe(() => {
      if (this.maximised() !== 'tools') this.maximised.set(null);
      this.tab.set('tools');
    });
  }

  protected showLogs(instanceId: number): void {
    this.tools.open('logs', instanceId);
  }

  protected help(): void {
    this.dialog.open(ShortcutsDialog, { width: '440px' });
  }

  protected press(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    const typing = target.closest('input:not([type=checkbox]), textarea, select, [contenteditable]') !== null;
    if (event.ctrlKey || event.metaKey || event.altKey || this.dialog.openDialogs.length > 0) return;
    if (event.key === 'Escape' && !event.defaultPrevented) return this.maximised.set(null);
    if (typing) return;
    const tool = this.tools.available().find(({ key }) => key === event.key);
    const command = tool ? () => this.tools.open(tool.id) : this.commands[event.key];
    if (!command) return;
    event.preventDefault();
    command();
  }

  private readonly commands: Record<string, () => void> = {
    '?': () => this.help(),
    '/': () => {
      this.tab.set('instances');
      this.instances()?.focusFilter();
    },
    n: () => {
      this.tab.set('instances');
      this.instances()?.add();
    },
    w: () => this.tools.open(null),
    '1': () => this.toggle('instances'),
    '2': () => this.toggle('tools'),
    '3': () => this.toggle('monitoring'),
  };

  private toggle(pane: PaneName): void {
    this.tab.set(pane);
    this.maximise(pane, this.maximised() !== pane);
  }

  private zoomOf(pane: string) {
    return this.preferences.number(`zoom.${pane}`, zoomRange.initial, zoomRange.min, zoomRange.max);
  }
}
