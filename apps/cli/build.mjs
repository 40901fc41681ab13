// Bundles the CLI into one file that runs by itself: `node apps/cli/build.mjs [output file]`.
import { chmod, readFile } from 'node:fs/promises';
import { build } from 'esbuild';

const root = new URL('../../', import.meta.url);
const { version } = JSON.parse(await readFile(new URL('package.json', root), 'utf8'));
const outfile = process.argv[2] ?? new URL('dist/apps/cli/aikore.mjs', root).pathname;

await build({
  absWorkingDir: root.pathname,
  entryPoints: ['apps/cli/src/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  tsconfig: 'tsconfig.base.json',
  define: { AIKORE_VERSION: JSON.stringify(version) },
  // socket.io's `ws` is CommonJS and asks for Node's own modules with `require`.
  banner: {
    js: "#!/usr/bin/env node\nimport { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
  },
  external: ['bufferutil', 'utf-8-validate'],
  logLevel: 'warning',
});
await chmod(outfile, 0o755);
