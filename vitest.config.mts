import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';
import base from './tsconfig.base.json' with { type: 'json' };

// Nest needs `design:paramtypes`, which esbuild does not emit: swc compiles the sources instead.
const plugins = [
  swc.vite({
    module: { type: 'es6' },
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    },
  }),
];

const alias = Object.entries(base.compilerOptions.paths).map(([name, [file]]) => ({
  find: new RegExp(`^${name}$`),
  replacement: new URL(file as string, import.meta.url).pathname,
}));

const shared = {
  environment: 'node' as const,
  globals: false,
  setupFiles: [new URL('./tools/vitest.setup.ts', import.meta.url).pathname],
};
const ignored = ['**/node_modules/**', '**/dist/**', 'apps/web/**', 'libs/web/**', 'apps/e2e/**'];

export default defineConfig({
  test: {
    projects: [
      {
        plugins,
        resolve: { alias },
        test: { ...shared, name: 'small', include: ['**/*.spec.ts'], exclude: [...ignored, '**/*.medium.spec.ts'] },
      },
      {
        plugins,
        resolve: { alias },
        test: {
          ...shared,
          name: 'medium',
          include: ['**/*.medium.spec.ts'],
          exclude: ignored,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        // The console's Angular-free logic: parsers, buffers, merges.
        plugins,
        resolve: { alias },
        test: {
          ...shared,
          name: 'web',
          include: ['libs/web/**/*.spec.ts', 'apps/web/**/*.spec.ts'],
          // Those need Angular's compiler: `nx run web-components:components`.
          exclude: ['**/node_modules/**', '**/dist/**', '**/*.dom.spec.ts'],
        },
      },
    ],
  },
});
