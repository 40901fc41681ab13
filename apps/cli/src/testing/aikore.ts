import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = new URL('../../../../', import.meta.url).pathname;

/** What a finished command said. */
export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The bundled `aikore`, run as a process, with a configuration folder of its own. */
export class Aikore {
  private constructor(readonly folder: string) {}

  static async build(): Promise<Aikore> {
    const folder = await mkdtemp(join(tmpdir(), 'aikore-cli-'));
    await promisify(execFile)(process.execPath, [join(root, 'apps/cli/build.mjs'), join(folder, 'aikore.mjs')]);
    return new Aikore(folder);
  }

  /** Start a command; `done` resolves when it ended. */
  start(args: readonly string[], env: Record<string, string> = {}, input = '') {
    const child = spawn(join(this.folder, 'aikore.mjs'), args, {
      env: { PATH: process.env.PATH, HOME: this.folder, XDG_CONFIG_HOME: this.folder, ...env },
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('latin1').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    child.stdin.on('error', () => undefined).end(input);
    const done = new Promise<Outcome>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, ...output }));
    });
    return { child, output, done };
  }

  run(args: readonly string[], env: Record<string, string> = {}, input = ''): Promise<Outcome> {
    return this.start(args, env, input).done;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Polls `check` until it holds. */
export async function until(check: () => boolean, what: string, ms = 15_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!check()) {
    if (Date.now() > deadline) throw new Error(`Waited ${ms} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
