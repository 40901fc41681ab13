import nx from '@nx/eslint-plugin';
import angular from 'angular-eslint';
import tseslint from 'typescript-eslint';

const only = (...tags) => ({ onlyDependOnLibsWithTags: tags });
const base = ['type:contract', 'type:domain'];
const server = [...base, 'type:platform', 'type:database', 'type:kernel'];

/** Who may import whom (docs/ARCHITECTURE.md). Never `*` → `*`. */
const depConstraints = [
  { sourceTag: 'type:contract', ...only() },
  { sourceTag: 'type:domain', ...only('type:contract') },
  { sourceTag: 'type:platform', ...only(...base, 'type:testing') },
  { sourceTag: 'type:database', ...only(...base, 'type:testing') },
  { sourceTag: 'type:kernel', ...only(...base, 'type:testing') },
  { sourceTag: 'type:testing', ...only(...base, 'type:platform') },
  {
    allSourceTags: ['scope:server', 'type:feature', 'module:instances'],
    ...only(...server, 'type:feature', 'type:testing'),
  },
  ...['auth', 'blueprints', 'ports', 'proxy', 'logs', 'terminals'].map((name) => ({
    allSourceTags: ['scope:server', 'type:feature', `module:${name}`],
    ...only(...server, `module:${name}`, 'type:testing'),
  })),
  { allSourceTags: ['scope:server', 'type:app'], ...only(...server, 'type:feature', 'type:testing') },
  { sourceTag: 'scope:cli', ...only('type:contract', 'type:testing') },
  { sourceTag: 'type:data', ...only('type:contract') },
  { sourceTag: 'type:ui', ...only('type:contract') },
  { allSourceTags: ['scope:web', 'type:feature'], ...only('type:contract', 'type:data', 'type:ui') },
  { allSourceTags: ['scope:web', 'type:app'], ...only('type:contract', 'type:data', 'type:ui', 'scope:web') },
  { sourceTag: 'scope:server', ...only('scope:server', 'scope:shared', 'scope:test') },
  { sourceTag: 'scope:web', ...only('scope:web', 'scope:shared') },
  { sourceTag: 'type:e2e', ...only('type:contract', 'type:testing', 'type:platform', 'type:database') },
];

const pureGlobals = ['process', 'Buffer', 'setTimeout', 'setInterval', 'setImmediate', 'fetch', 'console', 'Date'];

export default tseslint.config(
  {
    ignores: [
      '**/node_modules',
      '**/dist',
      '**/.angular',
      '.nx',
      'coverage',
      '**/test-results',
      '**/playwright-report',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { enforceBuildableLibDependency: false, allow: [], depConstraints }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-extraneous-class': 'off',
      'no-restricted-globals': ['error', { name: 'isNaN', message: 'Use Number.isNaN.' }],
      'no-console': 'error',
      eqeqeq: ['error', 'smart'],
      'prefer-const': 'error',
    },
  },
  {
    // The environment is read once, by the configuration of each program.
    files: ['libs/**/*.ts', 'apps/api/**/*.ts'],
    ignores: ['libs/api/kernel/src/config/**', 'libs/testing/**', '**/*.spec.ts', 'libs/web/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read the AppConfig instead.' },
      ],
    },
  },
  {
    // Decisions are pure: no OS, no clock, no timers.
    files: ['libs/domain/**/*.ts', 'libs/contract/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: ['node:*', 'fs', 'path', '@nestjs/*', 'typeorm'] }],
      'no-restricted-globals': ['error', ...pureGlobals],
    },
  },
  {
    // The operating system is reached through libs/platform (docs/adr, 0013).
    files: ['libs/api/**/*.ts'],
    ignores: ['**/*.spec.ts', 'libs/api/*/src/testing/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(node:)?(fs|fs/promises|child_process)$',
              message: 'Put it into libs/platform and import it from there.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['apps/web/**/*.ts', 'libs/web/**/*.ts'],
    extends: [...angular.configs.tsRecommended],
    processor: angular.processInlineTemplates,
    rules: {
      '@angular-eslint/prefer-on-push-component-change-detection': 'error',
      '@angular-eslint/component-selector': ['error', { type: 'element', prefix: 'ak', style: 'kebab-case' }],
      '@angular-eslint/directive-selector': ['error', { type: 'attribute', prefix: 'ak', style: 'camelCase' }],
    },
  },
  {
    files: ['apps/web/**/*.html', 'libs/web/**/*.html'],
    extends: [...angular.configs.templateRecommended, ...angular.configs.templateAccessibility],
  },
  { files: ['apps/cli/**/*.ts', 'apps/e2e/**/*.ts', '**/*.spec.ts', 'tools/**'], rules: { 'no-console': 'off' } },
);
