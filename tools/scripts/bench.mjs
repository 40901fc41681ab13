// npm run bench [-- NAME ...]: runs the benchmarks of tools/bench and writes docs/BENCH.md.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { format, resolveConfig } from 'prettier';
import { ensureBuilt } from './lib/build.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { output, root } from './lib/programs.mjs';
import { command, say, Stop } from './lib/steps.mjs';

const file = 'docs/BENCH.md';

const introduction = `# Benchmarks

Written by \`npm run bench\`; \`npm run bench -- NAME\` repeats one section. The benchmarks are in \`tools/bench\`. Each shares the machine with
the load that it makes, so compare figures of one table, and ratios rather than figures of two machines. "The original" is the Python
AiKore of June 2026, measured on two cores of a shared machine.
`;

await command(async () => {
  process.chdir(root);
  const all = readdirSync('tools/bench')
    .filter((name) => name.endsWith('.bench.ts'))
    .map((name) => name.replace('.bench.ts', ''))
    .sort();
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new Stop(`There is no benchmark ${unknown.join(', ')}. There are: ${all.join(', ')}`);
  await ensurePackages();
  await ensureBuilt();
  const sections = readSections();
  const failed = [];
  for (const name of asked.length > 0 ? asked : all) {
    say(name);
    const [load] = loadavg();
    if (load > cpus().length / 2) say(`  the machine is busy (load ${load.toFixed(1)}): the figures will be too bad`);
    const { code, text } = await output([process.execPath, 'tools/bench/run.mjs', name]);
    if (code === 0) sections.set(name, `${machine(load)}\n\n${text.trim()}\n`);
    else failed.push(name);
    await write(sections);
  }
  if (failed.length > 0) throw new Stop(`Failed: ${failed.join(', ')}. Their sections in ${file} are unchanged.`);
  say(`wrote ${file}`);
});

/** When and on what, without a name. @param load what else the machine did just before */
function machine(load) {
  const gib = Math.round(totalmem() / 1024 ** 3);
  const day = new Date().toISOString().slice(0, 10);
  return `${day}, ${cpus().length} cores, ${gib} GiB, Node ${process.versions.node}, load average before: ${load.toFixed(1)}.`;
}

function readSections() {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const parts = text.split(/^## /m).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')).trim(), part.slice(part.indexOf('\n') + 1)]));
}

async function write(sections) {
  const names = [...sections.keys()].sort();
  const text = [introduction, ...names.map((name) => `## ${name}\n\n${sections.get(name).trim()}\n`)].join('\n');
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}
