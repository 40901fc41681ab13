// Bundles a Node program of the workspace: our own sources into one file, packages stay in node_modules.
// esbuild emits no `design:paramtypes`, which Nest's injection reads, so swc compiles each source first.
import { readFile } from 'node:fs/promises';
import { transform } from '@swc/core';
import { build } from 'esbuild';

const swc = {
  name: 'swc-decorators',
  setup(bundler) {
    bundler.onLoad({ filter: /(?:apps|libs|tools)\/.*\.m?ts$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), {
        filename: path,
        sourceMaps: 'inline',
        jsc: {
          target: 'es2022',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
        module: { type: 'es6' },
      });
      return { contents: code, loader: 'js' };
    });
  },
};

/**
 * `outdir` in place of `outfile`: what is imported dynamically becomes a file of its own, loaded when it is needed.
 *
 * @param {{ entry: string, outfile?: string, outdir?: string, banner?: string, define?: Record<string, string> }} options
 */
export async function bundle({ entry, outfile, outdir, banner, define }) {
  await build({
    entryPoints: [entry],
    outfile,
    outdir,
    splitting: outdir !== undefined,
    outExtension: outdir === undefined ? undefined : { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    sourcesContent: false,
    keepNames: true,
    packages: 'external',
    tsconfig: 'tsconfig.base.json',
    logLevel: 'warning',
    plugins: [swc],
    define,
    banner: banner ? { js: banner } : undefined,
  });
}
