import { MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { scriptBasics } from './script-editor';

export interface DiffOptions {
  readonly left: string;
  readonly right: string;
  readonly leftLabel: string;
  readonly rightLabel: string;
  readonly dark: boolean;
  readonly nonce: string | null;
  /** One below the other, where there is no room for two. */
  readonly narrow: boolean;
}

const collapseUnchanged = { margin: 3, minSize: 6 };
/** A difference of two long, unlike texts is allowed to be a rough one. */
const diffConfig = { scanLimit: 500, timeout: 1_000 };

/** Two scripts compared, to be read. @returns takes it away again */
export function showDiff(parent: HTMLElement, options: DiffOptions): () => void {
  const view = options.narrow ? unified(parent, options) : sideBySide(parent, options);
  return () => view.destroy();
}

const common = (options: DiffOptions, label: string): Extension => [
  scriptBasics(options.nonce),
  EditorView.darkTheme.of(options.dark),
  EditorView.lineWrapping,
  EditorState.readOnly.of(true),
  EditorView.contentAttributes.of({ 'aria-label': label }),
];

const sideBySide = (parent: HTMLElement, options: DiffOptions): MergeView =>
  new MergeView({
    parent,
    a: { doc: options.left, extensions: common(options, options.leftLabel) },
    b: { doc: options.right, extensions: common(options, options.rightLabel) },
    collapseUnchanged,
    diffConfig,
  });

const unified = (parent: HTMLElement, options: DiffOptions): EditorView =>
  new EditorView({
    parent,
    doc: options.right,
    extensions: [
      common(options, `${options.rightLabel}, with what ${options.leftLabel} has in its place`),
      unifiedMergeView({ original: options.left, mergeControls: false, collapseUnchanged, diffConfig }),
    ],
  });
