// npm run docs: writes the documents that are made from the contract and the configuration. --check only compares.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { bundle } from '../build/bundle.mjs';
import { root } from './lib/programs.mjs';
import { command, say, Stop } from './lib/steps.mjs';

await command(async () => {
  process.chdir(root);
  const checkOnly = process.argv.includes('--check');
  const wanted = await documents();
  const stale = Object.entries(wanted).filter(([path, text]) => read(path) !== text);
  if (checkOnly && stale.length > 0) {
    throw new Stop(`Out of date: ${stale.map(([path]) => path).join(', ')}. Run: npm run docs`);
  }
  for (const [path, text] of stale) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    say(`wrote ${path}`);
  }
  if (stale.length === 0) say('The generated documents are up to date.');
});

/** @returns {Promise<Record<string, string>>} path → what the file has to be */
async function documents() {
  const { files, regions } = await generator();
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const wanted = files(version);
  for (const region of regions()) wanted[region.path] = await withRegion(region, wanted[region.path]);
  return wanted;
}

async function generator() {
  // Inside the workspace, so that the packages are found.
  const outfile = join(root, `node_modules/.cache/docs/pages-${process.pid}.mjs`);
  await bundle({ entry: 'tools/docs/pages.ts', outfile });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
    rmSync(`${outfile}.map`, { force: true });
  }
}

async function withRegion({ path, name, text }, before = read(path)) {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const [from, to] = [before.indexOf(start), before.indexOf(end)];
  if (from < 0 || to < from) throw new Stop(`${path} has no ${start} … ${end}`);
  const whole = `${before.slice(0, from + start.length)}\n\n${text}\n\n${before.slice(to)}`;
  return format(whole, { ...(await resolveConfig(path)), filepath: path });
}

function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
