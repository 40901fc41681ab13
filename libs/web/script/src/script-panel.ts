import {
  CSP_NONCE,
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  afterNextRender,
  computed,
  effect,
  inject,
  input,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatIconModule } from '@angular/material/icon';
import { routes, runnableScript, sockets, type Blueprint, type BlueprintText, type Instance } from '@aikore/contract';
import {
  ApiClient,
  BlueprintsStore,
  Connection,
  InstancesStore,
  Preferences,
  Toasts,
  Tools,
  errorMessage,
} from '@aikore/web/data';
import { Ask, EmptyState, formatMoment } from '@aikore/web/ui';
import { firstValueFrom } from 'rxjs';
import { BlueprintDialog, type NewBlueprint } from './blueprint-dialog';
import { ConflictDialog, type ConflictChoice, type ScriptConflict } from './conflict-dialog';
import { DiffBox } from './diff-box';
import type { ScriptEditor } from './editor';
import { loadEditor } from './load-editor';
import { ScriptModel } from './script-model';

/** The launch.sh of an instance: edit, save, compare with its blueprint, make a blueprint of it. */
@Component({
  selector: 'ak-script-panel',
  imports: [DiffBox, EmptyState, MatButtonModule, MatIconModule],
  templateUrl: './script-panel.html',
  styleUrl: './script-panel.scss',
  providers: [ScriptModel],
  host: {
    '(keydown)': 'press($event)',
    '(window:beforeunload)': 'leave($event)',
    '(window:pagehide)': 'model.flush()',
    '[attr.data-dirty]': 'model.dirty()',
  },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ScriptPanel {
  readonly instance = input.required<Instance>();
  /** It is the tool that is seen. */
  readonly visible = input(true);

  protected readonly model = inject(ScriptModel);
  private readonly api = inject(ApiClient);
  private readonly ask = inject(Ask);
  private readonly dialog = inject(MatDialog);
  private readonly store = inject(InstancesStore);
  private readonly blueprints = inject(BlueprintsStore);
  private readonly preferences = inject(Preferences);
  private readonly toasts = inject(Toasts);
  private readonly tools = inject(Tools);
  private readonly nonce = inject(CSP_NONCE, { optional: true });
  private readonly box = viewChild.required<ElementRef<HTMLElement>>('box');
  private editor: ScriptEditor | null = null;
  private destroyed = false;

  protected readonly phase = signal<'loading' | 'ready' | 'failed'>('loading');
  protected readonly problem = signal('');
  protected readonly wrap = this.preferences.flag('script.wrap', false);
  protected readonly place = signal({ line: 1, column: 1 });
  protected readonly findings = signal(0);
  /** The blueprint that the script is compared with, while it is. */
  protected readonly compared = signal<{ blueprint: BlueprintText; text: string } | null>(null);
  protected readonly readOnly = computed(() => this.model.script()?.read_only ?? null);
  /** The file has line ends or a mark that bash stumbles over: saving mends it. */
  protected readonly mendable = computed(() => {
    const content = this.model.script()?.content ?? '';
    return this.readOnly() === null && content !== runnableScript(content);
  });
  protected readonly savable = computed(
    () => this.readOnly() === null && !this.model.busy() && !this.model.olderDraft(),
  );
  protected readonly isBlueprint = computed(() => {
    const script = this.model.script();
    return script !== null && script.etag === script.blueprint.etag && !this.model.dirty();
  });
  protected readonly blueprintTitle = computed(() =>
    this.blueprints.title(this.model.script()?.blueprint.filename ?? ''),
  );

  constructor() {
    const destroyRef = inject(DestroyRef);
    destroyRef.onDestroy(() => {
      this.destroyed = true;
      this.model.flush();
      this.editor?.destroy();
    });
    const { scriptChanged } = sockets.instances.messages;
    const channel = inject(Connection).channel(sockets.instances.namespace);
    destroyRef.onDestroy(
      channel.on(scriptChanged, ({ id, etag }) => {
        const script = this.model.script();
        if (script?.owner.id === id && script.etag !== etag) void this.model.recheck();
      }),
    );
    afterNextRender(() => void this.start());
    effect(() => {
      const modes = {
        wrap: this.wrap(),
        dark: this.preferences.theme() !== 'light',
        readOnly: this.readOnly() !== null || this.model.olderDraft() !== null,
      };
      if (this.phase() === 'ready') this.editor?.set(modes);
    });
    // What may have changed on the disk meanwhile: looked at whenever the tool comes back into sight or on line, and
    // when the instance gets another blueprint.
    effect(() => {
      const { base_blueprint: _ } = this.instance();
      if (!this.visible() || !this.store.current()) return;
      untracked(() => void this.model.recheck());
      this.editor?.measure();
    });
  }

  protected async start(): Promise<void> {
    this.phase.set('loading');
    try {
      const [{ ScriptEditor }, script] = await Promise.all([loadEditor(), this.model.open(this.instance().id)]);
      if (this.destroyed) return;
      this.editor = new ScriptEditor(this.box().nativeElement, runnableScript(script.content), {
        label: `Script of ${this.instance().name}`,
        nonce: this.nonce,
        onChange: ({ typed }) => this.changed(typed),
        onSave: () => void this.save(),
        check: (text) => this.model.check(text),
      });
      this.model.attach(this.editor);
      this.phase.set('ready');
    } catch (error) {
      this.problem.set(errorMessage(error));
      this.phase.set('failed');
    }
  }

  protected async save(): Promise<void> {
    const outcome = await this.model.save();
    if (outcome === 'conflict') return this.resolveConflict(true);
    if (outcome === 'saved') await this.offerRestart();
  }

  protected async reset(): Promise<void> {
    const { path = '', exists = false } = this.model.script() ?? {};
    const confirmed = await this.ask.confirm({
      title: 'Reset to the blueprint?',
      message: `The script becomes the text of the blueprint “${this.blueprintTitle()}” again.`,
      details: [
        ...(exists ? [`The present one is kept beside it, as ${path}.previous-1, -2, …`] : []),
        ...(this.model.dirty() ? ['What you have not saved is dropped; undo brings it back.'] : []),
      ],
      confirm: 'Reset',
      dangerous: true,
    });
    if (!confirmed) return;
    const outcome = await this.model.reset();
    if (outcome === 'conflict') return this.resolveConflict(false);
    if (outcome === 'saved') await this.offerRestart();
  }

  protected async saveAsBlueprint(): Promise<void> {
    const base = this.model.script()?.blueprint.filename;
    if (!this.editor || base === undefined) return;
    const data: NewBlueprint = { content: this.editor.text, base };
    const dialog = this.dialog.open<BlueprintDialog, NewBlueprint, Blueprint>(BlueprintDialog, {
      data,
      width: '460px',
    });
    const saved = await firstValueFrom(dialog.afterClosed());
    if (!saved) return;
    if (saved.problem) this.toasts.warning(`Saved as ${saved.filename}, but its header is broken`, saved.problem);
    else this.toasts.success(`Saved as custom blueprint ${saved.filename}`);
  }

  protected async compare(): Promise<void> {
    const script = this.model.script();
    if (this.compared()) return this.compared.set(null);
    if (!this.editor || !script) return;
    try {
      const params = { filename: script.blueprint.filename };
      const blueprint = await this.api.call(routes.readBlueprint, { params });
      this.compared.set({ blueprint, text: this.editor.text });
    } catch (error) {
      this.toasts.error('The blueprint could not be read', error);
    }
  }

  /** Shows both versions and lets the person choose. @param save go on with saving when theirs was to be replaced */
  protected async resolveConflict(save: boolean): Promise<void> {
    const { olderDraft, theirs, script } = this.model;
    const draft = olderDraft();
    const other = theirs() ?? script();
    if (!this.editor || !other) return;
    const choice = await this.choose({
      title: draft ? 'Which version goes on?' : 'The script was changed meanwhile',
      message: draft
        ? 'You had unsaved changes, and the script was saved by somebody else since.'
        : 'Somebody else saved it since you began. Nothing of yours is lost until you choose.',
      theirs: runnableScript(other.content),
      mine: draft?.content ?? this.editor.text,
      keepMine: save ? 'Save mine over it' : 'Go on with mine',
    });
    if (choice === 'theirs') this.model.useTheirs();
    if (choice !== 'mine') return;
    this.model.useMine();
    if (save) await this.save();
  }

  protected discard(): void {
    this.model.discard();
    this.editor?.focus();
  }

  protected openParent(): void {
    const owner = this.model.script()?.owner;
    if (owner) this.tools.open('script', owner.id);
  }

  protected find(): void {
    if (!this.compared()) this.editor?.find();
  }

  protected goToLine(): void {
    this.editor?.goToLine();
  }

  protected showFindings(): void {
    this.editor?.showFindings();
  }

  protected toggleWrap(): void {
    this.preferences.set('script.wrap', !this.wrap());
  }

  protected time(at: number): string {
    return formatMoment(at, new Date());
  }

  protected press(event: KeyboardEvent): void {
    // Also from the toolbar and the list of remarks; the editor has handled its own by now.
    const command = { s: () => void this.save(), f: () => this.find() }[event.key];
    if ((event.ctrlKey || event.metaKey) && !event.defaultPrevented && command) {
      event.preventDefault();
      command();
    }
    // Esc is the editor's own here (panels, "Esc, then Tab"): it does not restore the pane as well.
    if (event.key === 'Escape' && this.box().nativeElement.contains(event.target as Node)) event.stopPropagation();
  }

  protected leave(event: BeforeUnloadEvent): void {
    this.model.flush();
    if (this.model.dirty()) event.preventDefault();
  }

  private changed(typed: boolean): void {
    if (!this.editor) return;
    this.model.changed(typed);
    this.place.set(this.editor.place);
    this.findings.set(this.editor.findings);
  }

  private async choose(conflict: ScriptConflict): Promise<ConflictChoice | undefined> {
    const dialog = this.dialog.open<ConflictDialog, ScriptConflict, ConflictChoice>(ConflictDialog, {
      ...ConflictDialog.size,
      data: conflict,
    });
    return firstValueFrom(dialog.afterClosed());
  }

  /** The app runs with the script that it was started with. */
  private async offerRestart(): Promise<void> {
    const { id, name, allowedActions } = this.instance();
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
}
