// Builds the server: dist/apps/api/main.mjs and the launcher beside it.
import { copyFile, readFile } from 'node:fs/promises';
import { bundle } from './bundle.mjs';

const { version } = JSON.parse(await readFile('package.json', 'utf8'));
await bundle({
  entry: 'apps/api/src/main.ts',
  outfile: 'dist/apps/api/main.mjs',
  define: { __AIKORE_VERSION__: JSON.stringify(version) },
});
await copyFile('libs/platform/src/process/launcher.pl', 'dist/apps/api/launcher.pl');
