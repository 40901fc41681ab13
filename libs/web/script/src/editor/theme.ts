import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const line = '1px solid var(--ak-line)';

// Colours are the console's variables: a change of the theme needs no new editor.
const look = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--ak-log)', color: 'var(--mat-sys-on-surface)', fontSize: '12px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--ak-mono)', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--mat-sys-primary)', padding: '6px 0' },
  '.cm-cursor, .cm-dropCursor': { borderLeft: '2px solid var(--mat-sys-primary)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, .cm-content ::selection':
    { backgroundColor: 'color-mix(in srgb, var(--mat-sys-primary) 28%, transparent) !important' },
  '.cm-activeLine': { backgroundColor: 'var(--ak-hover)' },
  '.cm-gutters': { backgroundColor: 'var(--ak-log)', color: 'var(--ak-dim)', border: 'none', borderRight: line },
  '.cm-activeLineGutter': { backgroundColor: 'var(--ak-hover)', color: 'var(--mat-sys-on-surface)' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 8px 0 10px' },
  '.cm-gutter-lint': { width: '16px' },
  '.cm-lint-marker': { width: '11px', height: '11px', marginTop: '3px' },
  '&.cm-focused .cm-matchingBracket, .cm-matchingBracket': {
    backgroundColor: 'var(--ak-selected)',
    outline: '1px solid var(--ak-line-strong)',
  },
  '.cm-nonmatchingBracket': { color: 'var(--mat-sys-error)' },
  '.cm-specialChar': { color: 'var(--mat-sys-error)' },
  '.cm-selectionMatch': { backgroundColor: 'color-mix(in srgb, var(--ak-starting) 22%, transparent)' },
  '.cm-searchMatch': { backgroundColor: 'color-mix(in srgb, var(--ak-starting) 34%, transparent)' },
  '.cm-searchMatch.cm-searchMatch-selected': {
    backgroundColor: 'color-mix(in srgb, var(--ak-starting) 60%, transparent)',
  },
  '.cm-panels': { backgroundColor: 'var(--mat-sys-surface-container)', color: 'var(--mat-sys-on-surface)' },
  '.cm-panels-top': { borderBottom: line },
  '.cm-panels-bottom': { borderTop: line },
  '.cm-panel': { fontFamily: 'var(--ak-font)', fontSize: '11.5px' },
  '.cm-panel.cm-search, .cm-dialog': {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: '4px',
    padding: '5px 30px 5px 8px',
  },
  '.cm-dialog label': { display: 'inline-flex', alignItems: 'center', gap: '6px', fontSize: '11.5px' },
  '.cm-panel.cm-search br': { display: 'block', content: '""', flexBasis: '100%', height: '0' },
  '.cm-panel.cm-search label': { display: 'inline-flex', alignItems: 'center', gap: '4px', fontSize: '11.5px' },
  '.cm-panel.cm-search [name=close], .cm-dialog-close': {
    top: '6px',
    right: '8px',
    width: '22px',
    height: '22px',
    borderRadius: '6px',
    color: 'var(--ak-dim)',
    fontSize: '16px',
    cursor: 'pointer',
  },
  '.cm-textfield': {
    height: '24px',
    margin: '0',
    padding: '0 7px',
    border: '1px solid var(--ak-line-strong)',
    borderRadius: '6px',
    backgroundColor: 'var(--mat-sys-surface-container-lowest)',
    color: 'inherit',
    fontSize: '11.5px',
  },
  '.cm-button': {
    height: '24px',
    margin: '0',
    padding: '0 9px',
    border: '1px solid var(--ak-line-strong)',
    borderRadius: '6px',
    backgroundImage: 'none',
    backgroundColor: 'transparent',
    color: 'inherit',
    fontSize: '11.5px',
    textTransform: 'capitalize',
  },
  '.cm-button:hover': { backgroundColor: 'var(--ak-hover)' },
  '.cm-button:active': { backgroundImage: 'none', backgroundColor: 'var(--ak-selected)' },
  '.cm-tooltip': {
    border: '1px solid var(--ak-line-strong)',
    borderRadius: '8px',
    backgroundColor: 'var(--mat-sys-surface-container-high)',
    color: 'var(--mat-sys-on-surface)',
    boxShadow: 'var(--ak-shadow)',
    overflow: 'hidden',
  },
  '.cm-diagnostic': { padding: '4px 8px 4px 10px', whiteSpace: 'pre-wrap', fontFamily: 'var(--ak-font)' },
  '.cm-diagnostic-error': { borderLeft: '4px solid var(--ak-error)' },
  '.cm-diagnostic-warning': { borderLeft: '4px solid var(--ak-starting)' },
  '.cm-diagnostic-info, .cm-diagnostic-hint': { borderLeft: '4px solid var(--ak-installing)' },
  '.cm-diagnosticSource': { color: 'var(--ak-dim)', fontSize: '11px', opacity: '1' },
  '.cm-panel.cm-panel-lint': { maxHeight: '34%' },
  '.cm-panel.cm-panel-lint ul': { maxHeight: '150px' },
  '.cm-panel.cm-panel-lint ul [aria-selected]': { backgroundColor: 'var(--ak-selected)' },
  '.cm-panel.cm-panel-lint ul:focus [aria-selected]': {
    backgroundColor: 'var(--ak-selected)',
    color: 'var(--mat-sys-on-surface)',
  },
  '.cm-panel.cm-panel-lint [name=close]': { color: 'var(--ak-dim)', right: '8px', fontSize: '16px' },
  '.cm-changedLine, &.cm-merge-b .cm-changedLine, .cm-insertedLine': {
    backgroundColor: 'color-mix(in srgb, var(--ak-started) 13%, transparent)',
  },
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk': {
    backgroundColor: 'color-mix(in srgb, var(--ak-error) 12%, transparent)',
  },
  '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText': {
    background: 'color-mix(in srgb, var(--ak-error) 30%, transparent)',
  },
  '&.cm-merge-b .cm-changedText': { background: 'color-mix(in srgb, var(--ak-started) 32%, transparent)' },
  '&.cm-merge-a .cm-changedLineGutter, .cm-deletedLineGutter': { background: 'var(--ak-error)' },
  '&.cm-merge-b .cm-changedLineGutter': { background: 'var(--ak-started)' },
  '.cm-collapsedLines': {
    background: 'var(--mat-sys-surface-container)',
    color: 'var(--ak-dim)',
    fontFamily: 'var(--ak-font)',
    fontSize: '11px',
  },
  // Its own sign is in few fonts.
  '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: '"⋯"' },
});

const colours = HighlightStyle.define([
  { tag: [tags.comment, tags.meta], color: 'var(--ak-dim)', fontStyle: 'italic' },
  { tag: [tags.keyword, tags.controlKeyword], color: 'var(--ansi-5)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--ansi-2)' },
  { tag: [tags.number, tags.bool, tags.atom], color: 'var(--ansi-3)' },
  { tag: [tags.variableName, tags.definition(tags.variableName), tags.propertyName], color: 'var(--ansi-6)' },
  { tag: [tags.standard(tags.variableName), tags.standard(tags.name)], color: 'var(--ansi-4)' },
  { tag: [tags.operator, tags.attributeName], color: 'var(--ansi-1)' },
]);

/** How a script looks, in every theme of the console. */
export const scriptLook: Extension = [look, syntaxHighlighting(colours)];
