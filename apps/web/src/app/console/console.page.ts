import { ChangeDetectionStrategy, Component, inject, viewChild } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { MatDialog } from '@angular/material/dialog';
import { Commands, Preferences, Tools, contributeCommands, type Command } from '@aikore/web/data';
import { InstancesPanel } from '@aikore/web/instances';
import { Pane, Split, zoomRange } from '@aikore/web/ui';
import { FrameCommands } from './frame-commands';
import { isChord, isPress } from './keys';
import { MonitoringCard } from './monitoring-card';
import { PaletteDialog } from './palette-dialog';
import { PaneLayout, panes } from './pane-layout';
import { ShortcutsDialog } from './shortcuts-dialog';
import { ToolsPane } from './tools/tools-pane';
import { TopBar } from './top-bar';

/** The console: top bar and three panes, as tabs where the screen is narrow. */
@Component({
  selector: 'ak-console-page',
  imports: [InstancesPanel, MonitoringCard, Pane, Split, ToolsPane, TopBar],
  templateUrl: './console.page.html',
  styleUrl: './console.page.scss',
  providers: [FrameCommands, PaneLayout],
  host: { '(document:keydown)': 'press($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConsolePage {
  private readonly dialog = inject(MatDialog);
  private readonly preferences = inject(Preferences);
  private readonly commands = inject(Commands);
  private readonly tools = inject(Tools);
  private readonly instances = viewChild.required(InstancesPanel);

  protected readonly layout = inject(PaneLayout);
  protected readonly panes = panes;
  protected readonly rows = this.preferences.number('split.rows', 0.55, 0, 1);
  protected readonly columns = this.preferences.number('split.columns', 0.68, 0, 1);
  protected readonly zooms = { instances: this.zoomOf('instances'), monitoring: this.zoomOf('monitoring') };

  constructor() {
    const frame = inject(FrameCommands);
    contributeCommands(() => [...this.own, ...frame.all()]);
    contributeCommands(() => frame.aboutInstances());
    this.tools.opened.pipe(takeUntilDestroyed()).subscribe(() => this.layout.show('tools'));
  }

  protected remember(key: string, value: number): void {
    this.preferences.set(key, value);
  }

  protected help(): void {
    this.dialog.open(ShortcutsDialog, { width: '680px' });
  }

  protected palette(): void {
    const dialog = this.dialog.open<PaletteDialog, void, Command>(PaletteDialog, {
      width: '600px',
      position: { top: '11vh' },
      panelClass: 'ak-palette-panel',
      autoFocus: 'input',
      ariaLabel: 'Command palette',
    });
    dialog.afterClosed().subscribe((command) => command?.run());
  }

  /** Plain keys are nobody's while somebody types, and neither are any while something lies above the page. */
  protected press(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.defaultPrevented || this.dialog.openDialogs.length > 0) return;
    if (target.closest('.cdk-overlay-container')) return;
    if (event.key === 'Escape') return this.layout.maximised.set(null);
    if (!isChord(event) && target.closest('input:not([type=checkbox]), textarea, select, [contenteditable]')) return;
    const command = this.commands.all().find(({ keys }) => keys !== undefined && isPress(event, keys));
    if (!command) return;
    event.preventDefault();
    command.run();
  }

  private readonly own: readonly Command[] = [
    {
      id: 'palette',
      label: 'Command palette',
      group: 'Everywhere',
      icon: 'command',
      keys: 'Ctrl K',
      run: () => this.palette(),
    },
    {
      id: 'shortcuts',
      label: 'Keyboard shortcuts',
      group: 'Everywhere',
      icon: 'keyboard',
      words: 'help keys',
      keys: '?',
      run: () => this.help(),
    },
    {
      id: 'filter',
      label: 'Filter instances',
      group: 'Everywhere',
      icon: 'search',
      words: 'find search',
      keys: '/',
      run: () => {
        this.layout.show('instances');
        this.instances().focusFilter();
      },
    },
    {
      id: 'add',
      label: 'Add an instance',
      group: 'Everywhere',
      icon: 'plus',
      words: 'new create',
      keys: 'n',
      run: () => {
        this.layout.show('instances');
        this.instances().add();
      },
    },
  ];

  private zoomOf(pane: string) {
    return this.preferences.number(`zoom.${pane}`, zoomRange.initial, zoomRange.min, zoomRange.max);
  }
}
