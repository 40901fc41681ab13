// Builds the server: dist/apps/api/main.mjs, its chunks, and the files that programs other than Node read beside them.
import { copyFile, readFile, rm } from 'node:fs/promises';
import { bundle } from './bundle.mjs';

const { version } = JSON.parse(await readFile('package.json', 'utf8'));
// Chunks of earlier builds have other names.
await rm('dist/apps/api', { recursive: true, force: true });
await bundle({
  entry: 'apps/api/src/main.ts',
  outdir: 'dist/apps/api',
  define: { __AIKORE_VERSION__: JSON.stringify(version) },
});
await copyFile('libs/platform/src/process/launcher.pl', 'dist/apps/api/launcher.pl');
await copyFile('libs/api/terminals/src/terminal.bashrc', 'dist/apps/api/terminal.bashrc');
