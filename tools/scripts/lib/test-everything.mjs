// npm test: install what the tests need, then everything that is checked.
import * as checks from './checks.mjs';
import { ensureDebianPackages } from './debian.mjs';
import { ensurePackages } from './packages.mjs';
import { root } from './programs.mjs';
import { runChecks } from './run-checks.mjs';
import { command, say, Stop } from './steps.mjs';

const help = `npm test

Installs the Debian packages and npm packages that the tests need (root and apt-get, where some are missing), then runs
format, lint, types, small, web and medium tests, the build, the journeys in Chromium, the check of the generated
documents, and npm audit. All of them run; the last line has the totals.`;

/** @param {string[]} options */
export const main = (options) =>
  command(async () => {
    if (options.includes('--help')) return say(help);
    if (options.length > 0) throw new Stop(`npm test takes no options.\n\n${help}`);
    process.chdir(root);
    await ensureDebianPackages();
    await ensurePackages();
    const { format, lint, shell, types, tests, components, build, endToEnd, hasEndToEnd, docs, audit } = checks;
    const all = [format, lint, shell, types, tests('small'), tests('web'), components, tests('medium'), build];
    const journeys = hasEndToEnd() ? [endToEnd] : [];
    if (!(await runChecks([...all, ...journeys, docs, audit]))) process.exitCode = 1;
  });
