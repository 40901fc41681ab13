import { ChangeDetectionStrategy, Component, computed, inject, linkedSignal, signal } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { MatButtonModule } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { customBlueprintFilename, routes, type Blueprint } from '@aikore/contract';
import { ApiClient, ApiError, BlueprintsStore, errorMessage } from '@aikore/web/data';

export interface NewBlueprint {
  readonly content: string;
  /** The blueprint that the script comes from. */
  readonly base: string;
}

/** A name for a blueprint made from `base`: `App_custom.sh`. */
export const proposeFilename = (base: string): string => {
  const plain = base
    .replace(/\.sh$/, '')
    .replace(/[^A-Za-z0-9_-]+/g, '_')
    .replace(/^[_-]+/, '');
  return plain.endsWith('_custom') ? `${plain}.sh` : `${(plain || 'App').slice(0, 80)}_custom.sh`;
};

/** Asks for the name of a custom blueprint, and saves it. */
@Component({
  selector: 'ak-blueprint-dialog',
  imports: [FormsModule, MatButtonModule, MatDialogModule],
  template: `
    <form (ngSubmit)="save()">
      <h2 mat-dialog-title>Save as custom blueprint</h2>
      <mat-dialog-content>
        <p>The text in the editor becomes a blueprint for new instances. This instance stays as it is.</p>
        <label for="blueprint-name">File name</label>
        <input
          id="blueprint-name"
          name="filename"
          data-testid="blueprint-name"
          autocomplete="off"
          spellcheck="false"
          cdkFocusInitial
          aria-describedby="blueprint-hint"
          [attr.aria-invalid]="!valid()"
          [ngModel]="name()"
          (ngModelChange)="rename($event)"
        />
        <p
          id="blueprint-hint"
          class="hint"
          [class.bad]="!valid() || taken() !== '' || problem() !== ''"
          role="status"
          data-testid="blueprint-hint"
        >
          @if (!valid()) {
            Letters, digits, “_” and “-” only; a letter or digit first.
          } @else if (taken()) {
            There is a custom blueprint {{ taken() }} already. Overwriting it changes what new instances get; instances
            that were made from it keep their script.
          } @else if (problem()) {
            {{ problem() }}
          } @else if (standsFor()) {
            New instances get it in place of the stock blueprint “{{ standsFor() }}”.
          } @else {
            Saved as {{ filename() }}.
          }
        </p>
      </mat-dialog-content>
      <mat-dialog-actions align="end">
        <button matButton type="button" mat-dialog-close>Cancel</button>
        <button
          matButton="filled"
          type="submit"
          data-testid="blueprint-save"
          [class.ak-danger]="taken()"
          [disabled]="!valid() || saving()"
        >
          {{ taken() ? 'Overwrite' : 'Save' }}
        </button>
      </mat-dialog-actions>
    </form>
  `,
  styles: `
    label {
      display: block;
      margin: 4px 0;
      color: var(--ak-dim);
      font-size: 11.5px;
    }
    input {
      width: 100%;
      height: 30px;
      padding: 0 10px;
      border: 1px solid var(--ak-line-strong);
      border-radius: 8px;
      background: var(--mat-sys-surface-container-lowest);
      font: 400 12.5px var(--ak-mono);
    }
    p {
      margin: 0 0 8px;
    }
    .hint {
      min-height: 38px;
      margin: 6px 0 0;
      color: var(--ak-dim);
    }
    .bad {
      color: var(--mat-sys-error);
    }
  `,
  host: { 'data-testid': 'blueprint-dialog' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BlueprintDialog {
  private readonly input = inject<NewBlueprint>(MAT_DIALOG_DATA);
  private readonly self = inject<MatDialogRef<BlueprintDialog, Blueprint>>(MatDialogRef);
  private readonly api = inject(ApiClient);
  private readonly blueprints = inject(BlueprintsStore);

  protected readonly name = signal(proposeFilename(this.input.base));
  protected readonly filename = computed(() =>
    this.name()
      .trim()
      .replace(/(\.sh)?$/, '.sh'),
  );
  protected readonly valid = computed(() => customBlueprintFilename.safeParse(this.filename()).success);
  /** The name that the server said is taken; another name is another question. */
  protected readonly taken = linkedSignal<string, string>({ source: this.filename, computation: () => '' });
  protected readonly problem = linkedSignal<string, string>({ source: this.filename, computation: () => '' });
  protected readonly saving = signal(false);
  protected readonly standsFor = computed(() => {
    const known = this.blueprints.find(this.filename());
    return known && (known.source === 'stock' || known.shadows) ? known.name : '';
  });

  protected rename(name: string): void {
    this.name.set(name);
  }

  protected async save(): Promise<void> {
    if (!this.valid() || this.saving()) return;
    const body = { filename: this.filename(), content: this.input.content, overwrite: this.taken() !== '' };
    this.saving.set(true);
    try {
      this.self.close(await this.api.call(routes.saveBlueprint, { body }));
    } catch (error) {
      if (error instanceof ApiError && error.code === 'name_taken') this.taken.set(body.filename);
      else this.problem.set(errorMessage(error));
    } finally {
      this.saving.set(false);
    }
  }
}
