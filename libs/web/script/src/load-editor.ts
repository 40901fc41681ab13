/** The editor's code: loaded when a script is first shown. */
export const loadEditor = () => import('./editor');
