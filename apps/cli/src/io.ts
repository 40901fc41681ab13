/** The outside of a command: what it prints and reads. The real one is `node-io.ts`. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the person presses Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** Resolves when it was taken: a slow reader slows the command down. */
  write(data: string | Uint8Array): Promise<void>;
  /** A line for the person, on stderr. */
  note(text: string): void;
  /** Ask at the terminal; a secret is not shown while it is typed. @throws CliError without a terminal */
  ask(question: string, options?: { secret: boolean }): Promise<string>;
  /** All of stdin, without the line feed at its end. */
  readInput(): Promise<string>;
}
