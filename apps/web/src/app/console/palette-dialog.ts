import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatDialogRef } from '@angular/material/dialog';
import { Commands, Preferences, type Command } from '@aikore/web/data';
import { Palette } from '@aikore/web/ui';

const rememberedCommands = 8;

/** The command palette. What was picked runs once the dialog is gone, so that it has the focus to itself. */
@Component({
  selector: 'ak-palette-dialog',
  imports: [Palette],
  template: `<ak-palette [items]="items()" [recent]="recent()" (picked)="pick($event)" />`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PaletteDialog {
  private readonly commands = inject(Commands);
  private readonly preferences = inject(Preferences);
  private readonly dialog = inject<MatDialogRef<PaletteDialog, Command>>(MatDialogRef);
  /** What opened it is not offered again. */
  protected readonly items = computed(() => this.commands.all().filter(({ id }) => id !== 'palette'));
  protected readonly recent = this.preferences.list('palette.recent');

  protected pick(command: Command): void {
    const others = this.recent().filter((id) => id !== command.id);
    this.preferences.set('palette.recent', [command.id, ...others].slice(0, rememberedCommands));
    this.dialog.close(command);
  }
}
