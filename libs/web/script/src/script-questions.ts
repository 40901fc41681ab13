import { Injectable, inject } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { runnableScript, type Blueprint, type Instance } from '@aikore/contract';
import { InstancesStore, Toasts } from '@aikore/web/data';
import { Ask } from '@aikore/web/ui';
import { firstValueFrom } from 'rxjs';
import { BlueprintDialog, type NewBlueprint } from './blueprint-dialog';
import { ConflictDialog, type ConflictChoice, type ScriptConflict } from './conflict-dialog';
import type { ScriptModel } from './script-model';

/** What the editor asks a person, and what follows from the answer beyond the text itself. */
@Injectable({ providedIn: 'root' })
export class ScriptQuestions {
  private readonly ask = inject(Ask);
  private readonly dialog = inject(MatDialog);
  private readonly store = inject(InstancesStore);
  private readonly toasts = inject(Toasts);

  /** @param blueprint its title */
  mayReset(model: ScriptModel, blueprint: string): Promise<boolean> {
    const { path = '', exists = false } = model.script() ?? {};
    return this.ask.confirm({
      title: 'Reset to the blueprint?',
      message: `The script becomes the text of the blueprint “${blueprint}” again.`,
      details: [
        ...(exists ? [`The present one is kept beside it, as ${path}.previous-1, -2, …`] : []),
        ...(model.dirty() ? ['What you have not saved is dropped; undo brings it back.'] : []),
      ],
      confirm: 'Reset',
      dangerous: true,
    });
  }

  /**
   * Shows both versions of a script and lets the person choose.
   *
   * @param text what is in the editor
   * @param saving theirs was to be replaced: choosing mine does that
   * @returns undefined when nothing was decided
   */
  chooseVersion(model: ScriptModel, text: string, saving: boolean): Promise<ConflictChoice | undefined> {
    const draft = model.olderDraft();
    const data: ScriptConflict = {
      title: draft ? 'Which version goes on?' : 'The script was changed meanwhile',
      message: draft
        ? 'You had unsaved changes, and the script was saved by somebody else since.'
        : 'Somebody else saved it since you began. Nothing of yours is lost until you choose.',
      theirs: runnableScript((model.theirs() ?? model.script())?.content ?? ''),
      mine: draft?.content ?? text,
      keepMine: saving ? 'Save mine over it' : 'Go on with mine',
    };
    return this.open<ConflictDialog, ScriptConflict, ConflictChoice>(ConflictDialog, data, '1100px');
  }

  /** Makes a custom blueprint of the text, under a name that the person gives. @param base the file it comes from */
  async saveAsBlueprint(content: string, base: string): Promise<void> {
    const data = { content, base };
    const saved = await this.open<BlueprintDialog, NewBlueprint, Blueprint>(BlueprintDialog, data, '460px');
    if (!saved) return;
    if (saved.problem) this.toasts.warning(`Saved as ${saved.filename}, but its header is broken`, saved.problem);
    else this.toasts.success(`Saved as custom blueprint ${saved.filename}`);
  }

  /** After a save: an app that runs has the script that it was started with. */
  async offerRestart({ id, name, allowedActions }: Instance): Promise<void> {
    this.toasts.success(`Saved the script of “${name}”`);
    if (!allowedActions.includes('restart')) return;
    const now = await this.ask.confirm({
      title: `Restart “${name}” now?`,
      message: 'The script is saved. The app runs with the old one until it is restarted.',
      confirm: 'Restart now',
      cancel: 'Later',
    });
    if (!now) return;
    await this.store.act(id, 'restart').catch((error: unknown) => {
      this.toasts.error(`“${name}” was not restarted`, error);
    });
  }

  private open<C, D, R>(component: new () => C, data: D, width: string): Promise<R | undefined> {
    const dialog = this.dialog.open<C, D, R>(component, { data, width, maxWidth: '94vw' });
    return firstValueFrom(dialog.afterClosed());
  }
}
