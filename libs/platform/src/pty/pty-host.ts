/** What to start in a new terminal. */
export interface PtySpec {
  /** Program and arguments; the program is looked for in `env.PATH` unless it is a path. */
  readonly argv: readonly string[];
  /** Absolute path of a folder. */
  readonly cwd: string;
  /** The whole environment: nothing of the server's is added. */
  readonly env: Readonly<Record<string, string>>;
  readonly cols: number;
  readonly rows: number;
}

/** How the program of a terminal ended: one of the two is set. */
export interface PtyExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A program that could not be started in a terminal. The message is a sentence for a person. */
export class PtyError extends Error {
  override readonly name = 'PtyError';
}

/** A terminal with a program in it, which leads a session of its own. */
export abstract class Pty {
  /** Of the program. */
  abstract readonly pid: number;

  /** Resolves when the program has ended and all of its output was given to the listener, paused or not. */
  abstract readonly exited: Promise<PtyExit>;

  /** Who gets the output, from the first byte on; to be set in the turn in which the terminal was opened. */
  abstract onOutput(listener: (bytes: Uint8Array) => void): void;

  /**
   * Type something. Bytes arrive whole and in order, however late the program reads.
   *
   * @returns resolves when the system took all of it, or the terminal has ended
   */
  abstract write(bytes: Uint8Array): Promise<void>;

  /** Read no more output; once the system's buffer is full, the program waits. */
  abstract pause(): void;
  abstract resume(): void;

  /** @param cols 1 or more; so is `rows` */
  abstract resize(cols: number, rows: number): void;

  /** True while something else than the program itself runs in its session. */
  abstract isBusy(): boolean;

  /**
   * End the session: HUP to every process of it and their descendants, KILL to what is left after `graceMs`.
   * Resolves when the program has ended.
   */
  abstract end(graceMs: number): Promise<void>;
}

/** Opens terminals. */
export abstract class PtyHost {
  /** @throws PtyError when the program or the folder is not there */
  abstract open(spec: PtySpec): Promise<Pty>;
}
