// The part that is only loaded when a script is first shown: everything of CodeMirror.
export * from './diff-view';
export * from './script-editor';
