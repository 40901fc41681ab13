// Building what has changed. Whether it has is told by a hash of the sources, so that a warm start needs no build tool.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { local, root, run } from './programs.mjs';
import { step, Stop } from './steps.mjs';

const everywhere = ['package.json', 'package-lock.json', 'tsconfig.base.json', 'libs/contract'];

/** What each program is made from, and where it ends up. The rules of eslint.config.mjs keep these lists true. */
const programs = {
  api: {
    sources: ['apps/api', 'libs/api', 'libs/database', 'libs/domain', 'libs/platform', 'tools/build'],
    result: 'dist/apps/api/main.mjs',
  },
  web: { sources: ['apps/web', 'libs/web', 'tools/build'], result: 'dist/apps/web/browser/index.html' },
  cli: { sources: ['apps/cli', 'tools/build'], result: 'dist/apps/cli' },
};

const stampOf = (name) => join(root, 'dist/.stamp', name);

/**
 * Build the programs whose sources have changed since they were last built.
 *
 * @param {{ rebuild?: boolean }} options `rebuild`: all of them, whatever the stamps say
 */
export async function ensureBuilt({ rebuild = false } = {}) {
  const stale = staleBuilds(rebuild);
  if (stale.length === 0) return;
  const names = stale.map(({ name }) => name);
  for (const name of names) rmSync(stampOf(name), { force: true });
  await step(`build ${names.join(', ')}`, async (detail) => {
    const skipCache = rebuild ? ['--skip-nx-cache'] : [];
    const { code, lines } = await run([local('nx'), 'run-many', '-t', 'build', '-p', names.join(','), ...skipCache], {
      env: { NO_COLOR: '1', FORCE_COLOR: '0' },
      onLine: (line) => line.trim() && detail(line),
    });
    if (code !== 0) throw new Stop(`The build failed:\n${lines.slice(-80).join('\n')}`);
  });
  mkdirSync(join(root, 'dist/.stamp'), { recursive: true });
  for (const { name, hash } of stale) writeFileSync(stampOf(name), hash);
}

function staleBuilds(rebuild) {
  const hashes = new Map();
  return Object.entries(programs)
    .filter(([name]) => isBuildable(name))
    .map(([name, { sources, result }]) => ({ name, result, hash: hashOf([...everywhere, ...sources], hashes) }))
    .filter(({ name, result, hash }) => rebuild || !existsSync(join(root, result)) || readStamp(name) !== hash);
}

const isBuildable = (name) => {
  const { targets = {} } = JSON.parse(readFileSync(join(root, 'apps', name, 'project.json'), 'utf8'));
  return 'build' in targets;
};

function readStamp(name) {
  const file = stampOf(name);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

/** @param {Map<string, string>} known hashes of paths that were read before */
function hashOf(paths, known) {
  const whole = createHash('sha256');
  for (const path of [...paths].sort()) {
    if (!known.has(path)) known.set(path, hashTree(join(root, path)));
    whole.update(`${path}\0${known.get(path)}\0`);
  }
  return whole.digest('hex');
}

function hashTree(path) {
  const hash = createHash('sha256');
  const add = (file) =>
    hash
      .update(`${file.slice(path.length)}\0`)
      .update(readFileSync(file))
      .update('\0');
  const walk = (folder) => {
    const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const child = join(folder, entry.name);
      if (entry.isDirectory()) walk(child);
      else if (!entry.name.endsWith('.spec.ts')) add(child);
    }
  };
  if (!existsSync(path)) return '';
  if (/\.json$/.test(path)) add(path);
  else walk(path);
  return hash.digest('hex');
}
