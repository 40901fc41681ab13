// Running other programs.
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

export const root = resolve(import.meta.dirname, '../../..');

/** Nobody is asked, nothing is reported, nothing is left running. */
const quietTools = { NX_DAEMON: 'false', NX_TUI: 'false', NX_NO_CLOUD: 'true', NG_CLI_ANALYTICS: 'false' };

/**
 * @param {string} name of a program
 * @returns {boolean} it is on the path, or where system programs are
 */
export function isInstalled(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.filter(Boolean).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** A program that one of our packages brings. */
export const local = (name) => join(root, 'node_modules/.bin', name);

/**
 * Run a program in the root of the workspace.
 *
 * @param {string[]} commandLine
 * @param {{ env?: Record<string, string>, onLine?: (line: string) => void }} options with `onLine` its output is read
 * line by line; without, it goes to the terminal
 * @returns {Promise<{ code: number, lines: string[] }>} `code` is 128 + n when signal n ended it; `lines` are the last
 * that it wrote
 * @throws when it cannot be started
 */
export function run(commandLine, { env = {}, onLine } = {}) {
  const [file, ...args] = commandLine;
  const child = spawn(file, args, {
    cwd: root,
    env: { ...process.env, ...quietTools, ...env },
    stdio: onLine ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
  });
  const lines = [];
  const read = (line) => {
    lines.push(line);
    if (lines.length > 200) lines.shift();
    onLine(line);
  };
  if (onLine) for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', read);
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code) => done({ code: code ?? 137, lines }));
  });
}

/** Run a program and give back all that it wrote to stdout; `stderr` goes to ours. */
export function output(commandLine, { env = {} } = {}) {
  const [file, ...args] = commandLine;
  const child = spawn(file, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code) => done({ code: code ?? 137, text: Buffer.concat(chunks).toString('utf8') }));
  });
}
