import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import {
  instanceScript,
  maxScriptBytes,
  routes,
  runnableScript,
  type InstanceScript,
  type ScriptFinding,
} from '@aikore/contract';
import { ApiClient, ApiError, Toasts } from '@aikore/web/data';
import { ScriptDrafts, type ScriptDraft } from './script-drafts';

/** What the model needs of the editor. */
export interface ScriptTextHolder {
  readonly text: string;
  /** Whether the text differs from its base. */
  readonly dirty: boolean;
  replace(text: string): void;
  setBase(text: string): void;
}

export type SaveOutcome = 'saved' | 'conflict' | 'failed' | 'nothing';

/** ms without a key after which what was typed is kept in the browser. */
const draftAfterMs = 300;

/**
 * The script of one instance between server, editor and this browser's drafts. Nothing typed is lost: a draft is written
 * before anything is sent, and goes only when the server has the text, or a person chose another one.
 */
@Injectable()
export class ScriptModel {
  private readonly api = inject(ApiClient);
  private readonly drafts = inject(ScriptDrafts);
  private readonly toasts = inject(Toasts);
  private editor: ScriptTextHolder | null = null;
  private instanceId = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** As it was last read or saved: what the text in the editor is based on. */
  readonly script = signal<InstanceScript | null>(null);
  readonly dirty = signal(false);
  readonly busy = signal(false);
  /** False when the browser cannot keep what was typed through a reload. */
  readonly kept = signal(true);
  /** When the unsaved text was typed that was put back into the editor; ms since 1970. */
  readonly restored = signal<number | null>(null);
  /** Unsaved text that was based on another version than there is now: the person has to choose. */
  readonly olderDraft = signal<ScriptDraft | null>(null);
  /** The script as somebody else left it while this one was being edited. */
  readonly theirs = signal<InstanceScript | null>(null);
  /** What ShellCheck could not do, for a person. */
  readonly checkNote = signal<string | null>(null);

  constructor() {
    inject(DestroyRef).onDestroy(() => this.flush());
  }

  /** Reads the script. @throws ApiError */
  async open(instanceId: number): Promise<InstanceScript> {
    this.instanceId = instanceId;
    const script = await this.api.call(routes.readScript, { params: { id: instanceId } });
    this.script.set(script);
    return script;
  }

  /** Takes an editor that holds the script's text, and puts unsaved changes into it. */
  attach(editor: ScriptTextHolder): void {
    this.editor = editor;
    const script = this.script();
    const draft = this.drafts.read(this.instanceId);
    if (!script || script.read_only !== null || !draft) return;
    if (draft.content === editor.text) return this.drafts.remove(this.instanceId);
    if (draft.etag !== script.etag) return this.olderDraft.set(draft);
    editor.replace(draft.content);
    this.restored.set(draft.at);
  }

  /** The editor says that something changed. */
  changed(typed: boolean): void {
    if (!typed || !this.editor) return;
    this.dirty.set(this.editor.dirty);
    if (!this.dirty()) this.restored.set(null);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), draftAfterMs);
  }

  /** Keeps what was typed in the browser, now. */
  flush(): void {
    clearTimeout(this.timer);
    const script = this.script();
    if (!this.editor || !script || script.read_only !== null || this.olderDraft()) return;
    if (this.editor.dirty) {
      const draft = { etag: script.etag, content: this.editor.text, at: Date.now() };
      this.kept.set(this.drafts.write(this.instanceId, draft));
    } else {
      this.drafts.remove(this.instanceId);
      this.kept.set(true);
    }
  }

  async save(): Promise<SaveOutcome> {
    const [editor, script] = [this.editor, this.script()];
    if (!editor || !script || script.read_only !== null || this.busy() || this.olderDraft()) return 'nothing';
    this.flush();
    const content = editor.text;
    if (new TextEncoder().encode(content).byteLength > maxScriptBytes) {
      this.toasts.error('The script was not saved', 'It is larger than 1 MiB. Move data out of it, into files.');
      return 'failed';
    }
    return this.sending('The script was not saved', async () => {
      const body = { content, etag: script.etag };
      this.adopt(await this.api.call(routes.saveScript, { params: { id: this.instanceId }, body }), content);
    });
  }

  /** Puts the blueprint's text in the script's place, on the server. */
  async reset(): Promise<SaveOutcome> {
    const script = this.script();
    if (!script || script.read_only !== null || this.busy()) return 'nothing';
    return this.sending('The script was not reset', async () => {
      const body = { etag: script.etag };
      this.take(await this.api.call(routes.resetScript, { params: { id: this.instanceId }, body }));
    });
  }

  /** Goes back to the text that was last read or saved. */
  discard(): void {
    const script = this.script();
    if (script) this.take(script);
  }

  /** Looks whether the script is still the one that is edited. Quiet when the server cannot be asked. */
  async recheck(): Promise<void> {
    if (!this.editor || this.busy()) return;
    const fresh = await this.api
      .call(routes.readScript, { params: { id: this.instanceId } })
      .catch((error: unknown) => (error instanceof ApiError ? null : Promise.reject(error)));
    const known = this.script();
    if (!fresh || !known || this.busy()) return;
    if (fresh.etag === known.etag && fresh.read_only === known.read_only) {
      this.script.set(fresh);
      this.theirs.set(null);
    } else if (this.editor.dirty || this.olderDraft()) this.theirs.set(fresh);
    else {
      this.take(fresh);
      this.toasts.info('The script was changed elsewhere', 'The editor shows it as it is now.');
    }
  }

  /** Somebody else's version wins; what was typed can be brought back with undo. */
  useTheirs(): void {
    const theirs = this.theirs();
    this.olderDraft.set(null);
    if (theirs) this.take(theirs);
    else this.flush();
  }

  /** What was typed here wins: it is based on their version from now on, and saving it replaces that. */
  useMine(): void {
    const [theirs, draft] = [this.theirs(), this.olderDraft()];
    this.olderDraft.set(null);
    if (theirs) {
      this.script.set(theirs);
      this.editor?.setBase(runnableScript(theirs.content));
      this.theirs.set(null);
    }
    if (draft) this.editor?.replace(draft.content);
    this.changed(true);
    this.flush();
  }

  /** Findings for the editor's margin; none when the server cannot be asked now: the next key tries again. */
  async check(content: string): Promise<readonly ScriptFinding[]> {
    try {
      const { findings, note } = await this.api.call(routes.checkScript, { body: { content } });
      this.checkNote.set(note);
      return findings;
    } catch {
      return [];
    }
  }

  private async sending(title: string, send: () => Promise<void>): Promise<SaveOutcome> {
    this.busy.set(true);
    try {
      await send();
      return 'saved';
    } catch (error) {
      const theirs =
        error instanceof ApiError && error.code === 'conflict' ? instanceScript.safeParse(error.current) : null;
      if (theirs?.success) {
        this.theirs.set(theirs.data);
        return 'conflict';
      }
      this.toasts.error(title, error);
      return 'failed';
    } finally {
      this.busy.set(false);
    }
  }

  /** The server has `sent` now; what was typed since stays. */
  private adopt(script: InstanceScript, sent: string): void {
    const text = runnableScript(script.content);
    const untouched = this.editor?.text === sent;
    this.script.set(script);
    this.editor?.setBase(text);
    if (untouched) this.editor?.replace(text);
    this.settle();
  }

  private take(script: InstanceScript): void {
    const text = runnableScript(script.content);
    this.script.set(script);
    this.editor?.setBase(text);
    this.editor?.replace(text);
    this.settle();
  }

  private settle(): void {
    this.theirs.set(null);
    this.restored.set(null);
    this.dirty.set(this.editor?.dirty ?? false);
    this.flush();
  }
}
