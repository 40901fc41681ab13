import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

declare const __AIKORE_VERSION__: string;

/** The product's own files. The server is built into `<root>/dist/apps/api/`. */
const root = resolve(import.meta.dirname, '../../..');

export const product = {
  version: __AIKORE_VERSION__,
  blueprintsDir: join(root, 'blueprints'),
  /** Program that holds each run (libs/platform, process). */
  launcher: join(import.meta.dirname, 'launcher.pl'),
  /** The built console; null when only the API was built. */
  webDir: existsSync(join(root, 'dist/apps/web/browser/index.html')) ? join(root, 'dist/apps/web/browser') : null,
} as const;
