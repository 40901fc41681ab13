import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { PtyError } from './pty-host';

/**
 * Where a program is, as a shell would find it. Looked for before a process is made: afterwards all that could be seen
 * is an exit code.
 *
 * @throws PtyError
 */
export async function findProgram(program: string, searchPath: string): Promise<string> {
  const candidates = program.includes('/')
    ? [program]
    : searchPath.split(delimiter).flatMap((folder) => (folder ? [join(folder, program)] : []));
  for (const candidate of candidates) if (await isProgram(candidate)) return candidate;
  throw new PtyError(`The program "${program}" was not found, or may not be executed. Install it, or check PATH.`);
}

/** @throws PtyError when a shell cannot begin in this folder */
export async function checkFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (!found?.isDirectory()) {
    throw new PtyError(`The folder ${folder} does not exist. Look whether it was moved or deleted, and put it back.`);
  }
  await access(folder, constants.X_OK).catch(() => {
    throw new PtyError(`The folder ${folder} may not be entered. Check its owner and permissions.`);
  });
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
