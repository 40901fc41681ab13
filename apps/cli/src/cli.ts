import { type Command, helpOf, Invocation, parseCommand } from './command';
import { act } from './commands/act';
import { adoptionNotes } from './commands/adoption-notes';
import { blueprints } from './commands/blueprints';
import { create } from './commands/create';
import { remove } from './commands/delete';
import { login } from './commands/login';
import { logout } from './commands/logout';
import { logs } from './commands/logs';
import { ls } from './commands/ls';
import { runs } from './commands/runs';
import { setupUrl } from './commands/setup-url';
import { show } from './commands/show';
import { CliError, type ExitCode, exitCodes, usageError } from './exit-codes';
import type { Io } from './io';

export const commands: readonly Command[] = [
  login,
  logout,
  ls,
  show,
  act('start', 'Start an instance.'),
  act('stop', 'Stop an instance.'),
  act('restart', 'Stop an instance and start it again.'),
  logs,
  runs,
  blueprints,
  create,
  remove,
  adoptionNotes,
  setupUrl,
];

/**
 * Run one command.
 *
 * @param argv what stands after `aikore`
 * @returns the exit code; an error was already told on stderr
 */
export async function runCli(argv: readonly string[], io: Io, version: string): Promise<ExitCode> {
  try {
    await dispatch(argv, io, version);
    return io.interrupted.aborted ? exitCodes.interrupted : exitCodes.ok;
  } catch (error) {
    if (io.interrupted.aborted) return exitCodes.interrupted;
    const known = error instanceof CliError ? error : new CliError(exitCodes.error, String(error));
    io.note(argv.includes('--json') ? errorDocument(known) : `aikore: ${known.message}`);
    return known.exitCode;
  }
}

async function dispatch([name, ...rest]: readonly string[], io: Io, version: string): Promise<void> {
  if (name === '--version' || name === '-V') return io.write(`${version}\n`);
  if (name === undefined) throw usageError('Say what to do. `aikore --help` lists the commands.');
  const asked = name === 'help' ? rest[0] : name;
  if (asked === undefined || asked === '--help' || asked === '-h') return io.write(overview());
  const command = commands.find((one) => one.name === asked);
  if (!command) throw usageError(`There is no command "${asked}". \`aikore --help\` lists them.`);
  if (name === 'help') return io.write(helpOf(command));
  const { args, flags } = parseCommand(command, rest);
  if (flags.help === true) return io.write(helpOf(command));
  await command.run(new Invocation(io, args, flags));
}

const errorDocument = ({ message, code, exitCode }: CliError): string =>
  JSON.stringify({ error: { code, message, exit_code: exitCode } });

function overview(): string {
  const list = commands.map(({ name, args, summary }) => `  ${[name, ...args].join(' ').padEnd(18)} ${summary}\n`);
  return [
    'Usage: aikore COMMAND [options]\n\nCommands:\n',
    ...list,
    '\nNAME is the id, slug or name of an instance. `aikore COMMAND --help` says more; --json prints for programs.\n',
    'Environment: AIKORE_SERVER, AIKORE_TOKEN go before what `aikore login` keeps.\n',
    'Exit codes: 0 done, 1 error, 2 usage, 3 not logged in or not allowed, 4 not found, 5 wrong state or conflict,\n',
    '6 server unreachable, 7 timed out, 130 interrupted.\n',
  ].join('');
}
