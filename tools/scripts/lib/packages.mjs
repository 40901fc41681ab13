// The npm packages: are they what package-lock.json says, and if not, npm ci.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isInstalled, root, run } from './programs.mjs';
import { step, Stop } from './steps.mjs';

/** Packages that are compiled on this machine when nobody offers them ready-made, and what that leaves behind. */
const compiled = { sqlite3: 'build/Release/node_sqlite3.node', 'node-pty': 'build/Release/pty.node' };
const compilers = { 'g++': 'g++', make: 'make', python3: 'python3' };

/** Install what package-lock.json asks for, unless it is there. */
export async function ensurePackages() {
  const reason = whatIsMissing();
  if (reason === null) return;
  const missing = Object.keys(compilers).filter((program) => !isInstalled(program));
  await step(`npm ci (${reason})`, async (detail) => {
    if (missing.length > 0) detail(`no compiler here (${missing.join(', ')}): ready-made modules are needed`);
    const { code, lines } = await install(detail);
    if (code !== 0) throw new Stop(explain(lines, missing));
  });
}

/**
 * The list of what npm installed is written last, so that an interrupted install is noticed. The content counts, not
 * the time of a file: switching branches changes times.
 *
 * @returns {string | null} why the packages have to be installed
 */
export function whatIsMissing(folder = root) {
  const installedFile = join(folder, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return 'first start';
  const wanted = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  const differs = Object.entries(wanted).some(([path, entry]) => path !== '' && !matches(entry, installed[path]));
  if (differs) return 'package-lock.json has changed';
  const absent = Object.entries(compiled).find(
    ([name, file]) => wanted[`node_modules/${name}`] && !existsSync(join(folder, 'node_modules', name, file)),
  );
  return absent ? `${absent[0]} is not compiled` : null;
}

/** An optional package may be absent: it is for another platform. */
const matches = (wanted, installed) =>
  installed
    ? installed.version === wanted.version && installed.integrity === wanted.integrity
    : wanted.optional === true;

async function install(detail) {
  const total = Object.keys(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages).length;
  let fetched = 0;
  return run(['npm', 'ci', '--loglevel=http', '--no-progress', '--foreground-scripts'], {
    env: { JOBS: 'max' }, // of node-gyp's make
    onLine: (line) => {
      if (/^npm http (fetch|cache) .*\.tgz/.test(line)) detail(`${(fetched += 1)} of about ${total} packages`);
      else if (/CXX\(target\)|CC\(target\)|gyp/.test(line)) detail('compiling native modules');
    },
  });
}

function explain(lines, missing) {
  const said = lines.filter((line) => !/^npm http/.test(line)).slice(-25);
  if (missing.length === 0) return `npm ci failed:\n${said.join('\n')}`;
  return (
    `npm ci failed, and there is no compiler here: ${missing.join(', ')} cannot be found. Native modules need one. Run\n\n` +
    `  ${process.getuid?.() === 0 ? '' : 'sudo '}apt-get install -y g++ make python3\n\nand try again. What npm said:\n${said.join('\n')}`
  );
}
