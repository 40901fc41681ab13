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
import { MatIconModule } from '@angular/material/icon';
import { routes, runnableScript, sockets, type BlueprintText, type Instance } from '@aikore/contract';
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
import { EmptyState, formatMoment } from '@aikore/web/ui';
import { DiffBox } from './diff-box';
import type { ScriptEditor } from './editor';
import { loadEditor } from './load-editor';
import { ScriptModel, type SaveOutcome } from './script-model';
import { ScriptQuestions } from './script-questions';

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
  private readonly questions = inject(ScriptQuestions);
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
  private readonly baseBlueprint = computed(() => this.instance().base_blueprint);
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
      this.baseBlueprint();
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
    await this.follow(await this.model.save(), true);
  }

  protected async reset(): Promise<void> {
    if (!(await this.questions.mayReset(this.model, this.blueprintTitle()))) return;
    await this.follow(await this.model.reset(), false);
  }

  protected async saveAsBlueprint(): Promise<void> {
    const base = this.model.script()?.blueprint.filename;
    if (this.editor && base !== undefined) await this.questions.saveAsBlueprint(this.editor.text, base);
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

  /** @param saving go on with saving when theirs was to be replaced */
  protected async resolveConflict(saving: boolean): Promise<void> {
    if (!this.editor) return;
    const choice = await this.questions.chooseVersion(this.model, this.editor.text, saving);
    if (choice === 'theirs') this.model.useTheirs();
    if (choice !== 'mine') return;
    this.model.useMine();
    if (saving) await this.save();
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

  private async follow(outcome: SaveOutcome, saving: boolean): Promise<void> {
    if (outcome === 'conflict') await this.resolveConflict(saving);
    if (outcome === 'saved') await this.questions.offerRestart(this.instance());
  }
}
