import type { ScriptFinding } from '@aikore/contract';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, indentUnit, StreamLanguage } from '@codemirror/language';
import { shell } from '@codemirror/legacy-modes/mode/shell';
import { diagnosticCount, forceLinting, linter, lintGutter, lintKeymap, openLintPanel } from '@codemirror/lint';
import { gotoLine, highlightSelectionMatches, openSearchPanel, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension, type Text } from '@codemirror/state';
import {
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { toDiagnostics } from './findings';
import { scriptLook } from './theme';

/** ms without a key after which a script is checked. */
const checkAfterMs = 900;

export interface ScriptEditorOptions {
  readonly label: string;
  /** Of the page's CSP; the editor puts it on its style element. */
  readonly nonce: string | null;
  /** Called after each change of the document, the selection, or the findings. */
  readonly onChange: (change: { typed: boolean }) => void;
  readonly onSave: () => void;
  /** Looks for mistakes; never rejects. */
  readonly check: (text: string) => Promise<readonly ScriptFinding[]>;
}

/** What of the editor can be changed while it lives. */
export interface ScriptEditorModes {
  readonly wrap: boolean;
  readonly dark: boolean;
  readonly readOnly: boolean;
}

/** What is the same for the editor and both sides of a difference. */
export const scriptBasics = (nonce: string | null): Extension => [
  // A lone CR is no line end for bash.
  EditorState.lineSeparator.of('\n'),
  StreamLanguage.define(shell),
  scriptLook,
  lineNumbers(),
  highlightSpecialChars(),
  nonce ? EditorView.cspNonce.of(nonce) : [],
];

/** A shell script in CodeMirror, and whether it differs from the text it was based on. */
export class ScriptEditor {
  private readonly view: EditorView;
  private readonly modes = new Compartment();
  private base: Text;

  constructor(
    parent: HTMLElement,
    text: string,
    private readonly options: ScriptEditorOptions,
  ) {
    this.view = new EditorView({
      parent,
      state: EditorState.create({
        doc: text,
        extensions: [this.modes.of([]), scriptBasics(options.nonce), this.behaviour()],
      }),
    });
    this.base = this.view.state.doc;
  }

  get text(): string {
    return this.view.state.sliceDoc();
  }

  get dirty(): boolean {
    return !this.view.state.doc.eq(this.base);
  }

  /** Where the cursor is, counted from 1. */
  get place(): { line: number; column: number } {
    const { head } = this.view.state.selection.main;
    const line = this.view.state.doc.lineAt(head);
    return { line: line.number, column: head - line.from + 1 };
  }

  get findings(): number {
    return diagnosticCount(this.view.state);
  }

  /** Puts another text in; it can be undone. */
  replace(text: string): void {
    const { state } = this.view;
    if (state.sliceDoc() === text) return;
    const anchor = Math.min(state.selection.main.anchor, text.length);
    this.view.dispatch({
      changes: { from: 0, to: state.doc.length, insert: state.toText(text) },
      selection: { anchor },
      scrollIntoView: true,
    });
  }

  /** Says what counts as unchanged from now on. */
  setBase(text: string): void {
    this.base = this.view.state.toText(text);
  }

  set({ wrap, dark, readOnly }: ScriptEditorModes): void {
    const extensions = [
      wrap ? EditorView.lineWrapping : [],
      EditorView.darkTheme.of(dark),
      EditorState.readOnly.of(readOnly),
    ];
    this.view.dispatch({ effects: this.modes.reconfigure(extensions) });
  }

  focus(): void {
    this.view.focus();
  }

  find(): void {
    openSearchPanel(this.view);
  }

  goToLine(): void {
    gotoLine(this.view);
  }

  showFindings(): void {
    openLintPanel(this.view);
  }

  /** Has the text checked now, not only after the next key. */
  checkNow(): void {
    forceLinting(this.view);
  }

  /** It is seen again, perhaps in another size. */
  measure(): void {
    this.view.requestMeasure();
  }

  destroy(): void {
    this.view.destroy();
  }

  private behaviour(): Extension {
    const { label, onChange, onSave, check } = this.options;
    const save = { key: 'Mod-s', preventDefault: true, run: () => (onSave(), true) };
    return [
      history(),
      drawSelection(),
      dropCursor(),
      EditorState.allowMultipleSelections.of(true),
      indentUnit.of('  '),
      bracketMatching(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      highlightSelectionMatches(),
      search({ top: true }),
      lintGutter(),
      linter(async (view) => toDiagnostics(await check(view.state.sliceDoc()), view.state.doc), {
        delay: checkAfterMs,
      }),
      EditorView.clipboardInputFilter.of((text) => text.replace(/\r\n?/g, '\n')),
      EditorView.contentAttributes.of({
        'aria-label': label,
        'aria-description': 'Tab indents. To leave the editor with Tab, press Escape first.',
        'data-testid': 'script-content',
      }),
      keymap.of([save, ...searchKeymap, ...defaultKeymap, ...historyKeymap, ...lintKeymap, indentWithTab]),
      EditorView.updateListener.of((update) => {
        if (update.transactions.length > 0) onChange({ typed: update.docChanged });
      }),
    ];
  }
}
