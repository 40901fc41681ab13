import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Instance } from '@aikore/contract';
import { routes } from '@aikore/contract';
import { ApiClient } from './api-client';
import { usageError } from './exit-codes';
import type { Io } from './io';
import { resolveInstance } from './resolve-instance';
import { requireLogin, type StoredLogin } from './stored-login';

/** An option of a command; `value` names what it takes, and is absent for a switch. */
export interface OptionSpec {
  readonly value?: string;
  readonly short?: string;
  readonly help: string;
}

export type Flags = Readonly<Record<string, string | boolean | undefined>>;

/** What a command has to work with. */
export class Invocation {
  private login: Promise<StoredLogin> | null = null;

  constructor(
    readonly io: Io,
    readonly args: readonly string[],
    readonly flags: Flags,
  ) {}

  /** Print JSON for programs instead of text for people. */
  get json(): boolean {
    return this.flags.json === true;
  }

  text(option: string): string | undefined {
    const value = this.flags[option];
    return typeof value === 'string' ? value : undefined;
  }

  /** One JSON document, or what `text` makes for a person. */
  async print(data: unknown, text: () => string): Promise<void> {
    await this.io.write(this.json ? `${JSON.stringify(data, null, 2)}\n` : text());
  }

  credentials(): Promise<StoredLogin> {
    return (this.login ??= requireLogin(this.io.env));
  }

  async api(): Promise<ApiClient> {
    const { server, token } = await this.credentials();
    return new ApiClient(server, { token }, this.io.interrupted);
  }

  /** The instance that the first argument names. */
  async instance(): Promise<Instance> {
    const instances = await (await this.api()).call(routes.listInstances);
    return resolveInstance(instances, this.args[0] ?? '');
  }
}

/** One command of `aikore`. */
export interface Command {
  readonly name: string;
  /** Names of the arguments; all are needed. */
  readonly args: readonly string[];
  readonly summary: string;
  /** More for `--help`: paragraphs. */
  readonly details?: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  run(invocation: Invocation): Promise<void>;
}

const everywhere: Readonly<Record<string, OptionSpec>> = {
  json: { help: 'print JSON for programs' },
  help: { short: 'h', help: 'show this help' },
};

/** Arguments and options of a command. @throws CliError (usage) naming what is wrong */
export function parseCommand(command: Command, argv: readonly string[]): { args: string[]; flags: Flags } {
  const options: NonNullable<ParseArgsConfig['options']> = {};
  for (const [name, { value, short }] of Object.entries({ ...command.options, ...everywhere })) {
    options[name] = { type: value ? 'string' : 'boolean', ...(short ? { short } : {}) };
  }
  const { values, positionals } = parse(command, argv, options);
  const flags = values as Flags;
  if (flags.help !== true && positionals.length !== command.args.length) {
    const wanted = command.args.length === 0 ? 'no arguments' : command.args.join(' ');
    throw usageError(`\`aikore ${command.name}\` takes ${wanted}. See \`aikore ${command.name} --help\`.`);
  }
  return { args: positionals, flags };
}

function parse(command: Command, argv: readonly string[], options: NonNullable<ParseArgsConfig['options']>) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw usageError(`${sentence}. See \`aikore ${command.name} --help\`.`);
  }
}

/** The text of `aikore COMMAND --help`. */
export function helpOf(command: Command): string {
  const options = Object.entries({ ...command.options, ...everywhere }).map(([name, { short, value, help }]) => {
    const usage = `${short ? `-${short}, ` : '    '}--${name}${value ? ` ${value}` : ''}`;
    return `  ${usage.padEnd(26)} ${help}`;
  });
  const usage = ['aikore', command.name, ...command.args, '[options]'].join(' ');
  const details = command.details ? `\n${command.details}\n` : '';
  return `Usage: ${usage}\n\n${command.summary}\n${details}\nOptions:\n${options.join('\n')}\n`;
}
