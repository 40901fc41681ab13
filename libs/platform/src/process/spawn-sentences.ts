import { getSystemErrorMap } from 'node:util';
import { SpawnError, type LaunchSpec, type SpawnStep } from './run-launcher';

const programSentence = (program: string, code: string): string => {
  if (code === 'ENOENT') return `The program "${program}" was not found. Install it, or check the path.`;
  if (code === 'EACCES') return `"${program}" may not be executed. Make it executable (chmod +x) and try again.`;
  if (code === 'E2BIG') return 'The arguments and the environment of this run are too large for the system.';
  return `"${program}" could not be started (${code}). Check that it is a program for this machine.`;
};

const folderSentence = (folder: string, code: string): string => {
  if (code === 'ENOENT')
    return `The folder ${folder} does not exist. Look whether it was moved or deleted, and put it back.`;
  if (code === 'ENOTDIR') return `${folder} is not a folder. Move that file away and try again.`;
  return `The folder ${folder} may not be entered (${code}). Check its owner and permissions.`;
};

const writeSentence = (what: string, code: string): string => {
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return `The disk is full: ${what} could not be written. Free some space and try again.`;
  return `${what} could not be written (${code}). Check the folder, its owner and its permissions.`;
};

/** The SpawnError for what the launcher reported: which step failed, and with which errno. */
export const spawnErrorFor = (spec: LaunchSpec, step: string, errno: number): SpawnError => {
  const code = getSystemErrorMap().get(-errno)?.[0] ?? `error ${errno}`;
  const sentences: Partial<Record<SpawnStep, string>> = {
    command: programSentence(spec.argv[0] ?? '', code),
    cwd: folderSentence(spec.cwd, code),
    log: writeSentence(`The log file ${spec.logFile}`, code),
    run_dir: writeSentence(`The run folder ${spec.runDir}`, code),
  };
  const known = (step in sentences ? step : 'launcher') as SpawnStep;
  return new SpawnError(known, sentences[known] ?? `The launcher of the run failed (${code}). Try again.`, code);
};

/** Refuses what could never be started, or would name files outside the run folder. */
export const checkSpec = (spec: LaunchSpec): void => {
  const refuse = (message: string): never => {
    throw new SpawnError('spec', message);
  };
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(spec.runId)) refuse('A run id has 1-64 letters, digits, "-" or "_".');
  if (!spec.argv[0]) refuse('There is no command to start.');
  for (const [name, path] of Object.entries({ cwd: spec.cwd, logFile: spec.logFile, runDir: spec.runDir })) {
    if (!path.startsWith('/')) refuse(`${name} must be an absolute path.`);
  }
  const texts = [...spec.argv, spec.cwd, spec.logFile, spec.runDir, ...Object.entries(spec.env).flat()];
  if (texts.some((text) => text.includes('\0'))) refuse('Arguments, paths and environment may not contain NUL.');
};
