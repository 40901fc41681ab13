/** What to start. Nothing is inherited from the server's environment: `env` is all that the command sees. */
export interface LaunchSpec {
  /** Letters, digits, `-` and `_`, at most 64: it names files and is the mark `AIKORE_RUN_ID` in the environment. */
  runId: string;
  /** Program and arguments; the program is looked up in `env.PATH` when it has no slash. No shell is involved. */
  argv: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
  /** Standard output and error are appended here; the folder must exist. */
  logFile: string;
  /** Where the start and exit files of the run live (shared by the runs of an instance; made when missing). */
  runDir: string;
}

/** Names one process for ever: a pid alone is reused by the system. This is what the database stores. */
export interface RunIdentity {
  runId: string;
  /** /proc/sys/kernel/random/boot_id at the start of the run. */
  bootId: string;
  /** The launcher process: leader of the run's session, parent of the command. */
  pid: number;
  /** Field 22 of /proc/<pid>/stat: clock ticks since boot. */
  startTime: number;
}

/** A run, as far as it is known. A `RunHandle` is one too. `identity` is null when it was never saved. */
export interface RunRef {
  runId: string;
  runDir: string;
  identity: RunIdentity | null;
}

/**
 * How the command ended. `lost`: it is gone and nobody could record how, and code and signal are null: the machine or the
 * container restarted under it (`reboot`), or it was killed together with its launcher.
 */
export interface RunExit {
  code: number | null;
  /** `SIGKILL`, `SIGSEGV`, … when a signal ended it; then `code` is null. */
  signal: string | null;
  endedAt: Date;
  lost: 'killed' | 'reboot' | null;
}

/** A live run. */
export interface RunHandle extends RunRef {
  identity: RunIdentity;
  /**
   * Resolves within 2 s of the end of the *command* (P10); never rejects. Processes that the command left behind
   * may still live: `stop` removes them, and is right to be called after every exit.
   */
  exited: Promise<RunExit>;
}

/** A process of a run. */
export interface ProcessInfo {
  pid: number;
  startTime: number;
  /** The command line, shortened to 200 characters. */
  command: string;
  rssBytes: number;
}

export interface StopOptions {
  /** How long after TERM the processes may take to leave by themselves, in milliseconds. */
  graceMs: number;
  /** When to give up, in milliseconds from the call; includes the grace. */
  deadlineMs: number;
}

/** What a stop did. Empty `survivors` means: nothing of the run is left. */
export interface StopReport {
  survivors: ProcessInfo[];
  /** How many processes needed KILL. */
  killed: number;
  /** How the command ended; null when it has not. */
  exit: RunExit | null;
}

/** Which step of a start failed. */
export type SpawnStep = 'spec' | 'run_dir' | 'log' | 'cwd' | 'command' | 'launcher';

/** A run could not be started; nothing of it is left. `message` is a sentence for a person. */
export class SpawnError extends Error {
  override readonly name = 'SpawnError';

  constructor(
    readonly step: SpawnStep,
    message: string,
    /** The errno name (`ENOENT`, …) or null. */
    readonly code: string | null = null,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Starts, finds again and stops runs, which live on when the server dies (DESIGN.md §5, SECURITY.md P8-P10). */
export abstract class RunLauncher {
  /**
   * Starts a command in its own session and resolves once it runs.
   *
   * @throws SpawnError when it could not be started
   */
  abstract launch(spec: LaunchSpec): Promise<RunHandle>;

  /**
   * Finds a run again after a restart of the server: alive (a handle), or ended meanwhile (its exit; `lost` when
   * nothing recorded it; processes of it may still live then, `stop` removes them). Works without an identity too,
   * from the start file or the processes' environment.
   */
  abstract adopt(run: RunRef): Promise<RunHandle | { ended: RunExit }>;

  /** Every live process of the run, without the launcher itself. */
  abstract members(run: RunRef): Promise<ProcessInfo[]>;

  /**
   * Ends the whole tree: TERM, `graceMs`, then KILL until nothing is left or `deadlineMs` has passed. Only processes
   * whose identity was just verified are signalled. Fine for a run that has ended: it removes what was left behind.
   */
  abstract stop(run: RunRef, options: StopOptions): Promise<StopReport>;

  /** Deletes the start and exit files of an ended run; to be called once its exit is stored. */
  abstract forget(run: RunRef): Promise<void>;

  /** Stops watching (server shutdown). Runs go on; pending `exited` promises stay pending. */
  abstract close(): void;
}
