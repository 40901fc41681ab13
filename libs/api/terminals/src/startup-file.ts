import { fileURLToPath } from 'node:url';

/** What bash reads at the start of a terminal's shell. A bundle copies it next to itself. */
export const startupFile = fileURLToPath(new URL('terminal.bashrc', import.meta.url));
