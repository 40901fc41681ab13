/** A short command: it gets its whole input at once, and is over when it has answered. */
export interface CommandSpec {
  /** Program and arguments; the program is looked up in `env.PATH` when it has no slash. No shell is involved. */
  readonly argv: readonly [string, ...string[]];
  /** All that the command sees of the environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly stdin: string;
  /** The command is killed after so many milliseconds. */
  readonly timeoutMs: number;
  /** The command is killed when it has written more bytes than this. */
  readonly maxOutputBytes: number;
}

/** How it ended. `not_found`: there is no such program. `killed`: by one of the limits. */
export type CommandResult =
  | { readonly end: 'exited'; readonly code: number; readonly stdout: string }
  | { readonly end: 'not_found' }
  | { readonly end: 'killed'; readonly reason: 'timeout' | 'output' | 'signal' };

/** Runs tools of the machine that answer on their standard output; errors they write are dropped. */
export abstract class CommandRunner {
  /** @throws Error when the system cannot start a program that is there */
  abstract run(spec: CommandSpec): Promise<CommandResult>;
}
