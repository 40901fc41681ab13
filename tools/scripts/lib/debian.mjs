// Programs of Debian that the tests need.
import { isInstalled, run } from './programs.mjs';
import { step, Stop } from './steps.mjs';

/** Program → the Debian package that brings it. */
const needed = {
  'g++': 'g++',
  make: 'make',
  python3: 'python3',
  perl: 'perl',
  chromium: 'chromium',
  nginx: 'nginx',
  shellcheck: 'shellcheck',
  fallocate: 'util-linux',
};

/**
 * Install the missing ones.
 *
 * @throws Stop with the line to run when this process may not, or the system is no Debian
 */
export async function ensureDebianPackages() {
  const programs = Object.keys(needed).filter((program) => !isInstalled(program));
  if (programs.length === 0) return;
  const packages = [...new Set(programs.map((program) => needed[program]))];
  const missing = `The tests need programs that are missing here: ${programs.join(', ')}.`;
  if (!isInstalled('apt-get')) {
    throw new Stop(`${missing} There is no apt-get to install them with: install them by hand and try again.`);
  }
  const line = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (process.getuid?.() !== 0) throw new Stop(`${missing} Only root may install them. Run\n\n  sudo ${line}\n`);
  await step(`apt-get install ${packages.join(' ')}`, async (detail) => {
    await apt('apt-get update', detail);
    await apt(line, detail);
  });
}

async function apt(line, detail) {
  const { code, lines } = await run(line.split(' '), { env: { DEBIAN_FRONTEND: 'noninteractive' }, onLine: detail });
  if (code !== 0) throw new Stop(`\`${line}\` failed:\n${lines.slice(-20).join('\n')}`);
}
