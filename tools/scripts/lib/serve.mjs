// npm start: install, build, serve.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { ensurePackages } from './packages.mjs';
import { portHolder } from './port.mjs';
import { root } from './programs.mjs';
import { command, say, Stop } from './steps.mjs';

const help = `npm start [-- OPTIONS]

Installs the npm packages when they are missing, builds what has changed, and serves AiKore.
Ctrl-C stops the server; the instances go on running.

  --rebuild   build everything again
  --help      show this

It is configured by environment variables, such as AIKORE_PORT and AIKORE_DATA_DIR: README.md has the table.
Relative paths are relative to ${root}`;

/** @param {string[]} options */
export const main = (options) =>
  command(async () => {
    const unknown = options.filter((option) => !['--rebuild', '--help', '-h'].includes(option));
    if (unknown.length > 0) throw new Stop(`${unknown.join(' ')} is not an option.\n\n${help}`);
    if (options.includes('--help') || options.includes('-h')) return say(help);
    process.chdir(root);
    refuseTakenPort();
    await ensurePackages();
    await ensureBuilt({ rebuild: options.includes('--rebuild') });
    forgetNpm();
    // In this process: signals and the exit code are the server's own, and nothing stays behind when it is killed.
    await import(pathToFileURL(join(root, 'dist/apps/api/main.mjs')).href);
  });

/** npm puts its own folders before everything else on PATH: an app would run AiKore's tools in place of its own. */
function forgetNpm() {
  const own = /(^|\/)(node_modules\/\.bin|node-gyp-bin)\/?$/;
  process.env.PATH = (process.env.PATH || '')
    .split(':')
    .filter((folder) => !own.test(folder))
    .join(':');
}

/** Asked before the minutes of a first build, not after. The server asks again when it binds. */
function refuseTakenPort() {
  const host = process.env.AIKORE_HOST || '127.0.0.1';
  const port = Number(process.env.AIKORE_PORT || 9000);
  if (!Number.isInteger(port) || port < 1 || port > 65535) return; // The server names every bad setting at once.
  const holder = portHolder(host, port);
  if (holder === null) return;
  const dataDir = resolve(process.env.AIKORE_DATA_DIR || './data');
  if (holder.pid !== null && holder.pid === pidOfServer(dataDir)) {
    throw new Stop(
      `AiKore is running already with the data folder ${dataDir} (pid ${holder.pid}): open http://localhost:${port}\n` +
        `To stop it: kill ${holder.pid}`,
      4,
    );
  }
  const who = holder.pid === null ? 'a program of another user' : `pid ${holder.pid} (${holder.command.slice(0, 120)})`;
  throw new Stop(
    `Port ${port} on ${host} is taken by ${who}.\nStop that program, or choose another port: AIKORE_PORT=9001 npm start`,
  );
}

/** The server that has the folder says so in `aikore.pid`; stale after a crash, which is why the port is asked too. */
function pidOfServer(dataDir) {
  try {
    return Number(readFileSync(join(dataDir, 'aikore.pid'), 'utf8'));
  } catch {
    return null;
  }
}
