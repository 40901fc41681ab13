import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from '../command';
import { CliError, exitCodes } from '../exit-codes';

export const setupUrl: Command = {
  name: 'setup-url',
  args: [],
  summary: 'Print the address at which the first admin is set up.',
  details: "Reads it from the server's data folder (AIKORE_DATA_DIR, ./data by default), on the server's own machine.",
  options: {},
  async run(invocation) {
    const folder = resolve(invocation.io.env.AIKORE_DATA_DIR || './data');
    const url = await readFile(join(folder, 'setup-url'), 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new CliError(
        error.code === 'ENOENT' ? exitCodes.notFound : exitCodes.error,
        error.code === 'ENOENT'
          ? `There is no setup address in ${folder}: the first admin is there already, the server has not been started, or AIKORE_DATA_DIR names another folder.`
          : `${join(folder, 'setup-url')} cannot be read (${error.code ?? error.message}).`,
      );
    });
    await invocation.print({ url: url.trim() }, () => `${url.trim()}\n`);
  },
};
