/** xterm.js and its parts: loaded when a terminal is first shown. */
export const loadScreen = () => import('./screen');
