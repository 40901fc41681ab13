import {
  RunLauncher,
  type LaunchSpec,
  type ProcessInfo,
  type RunExit,
  type RunHandle,
  type RunRef,
  type StopOptions,
  type StopReport,
} from './run-launcher';

interface FakeRun {
  handle: RunHandle;
  exit: RunExit | null;
  settle: (exit: RunExit) => void;
}

const bootId = '00000000-0000-4000-8000-000000000000';

/** Runs that exist only as records: a spec starts, ends and "finds" them as it likes. No process, no timer. */
export class FakeRunLauncher extends RunLauncher {
  /** Every spec given to `launch`, failed ones too. */
  readonly launches: LaunchSpec[] = [];
  /** Every call of `stop`. */
  readonly stops: { runId: string; options: StopOptions }[] = [];
  /** Set to make `stop` behave differently; the default ends the run by SIGTERM and leaves nothing. */
  onStop: ((run: RunRef, options: StopOptions) => StopReport | Promise<StopReport>) | null = null;
  /** What `members` answers, per run id. */
  readonly processes = new Map<string, ProcessInfo[]>();
  /** Every run id given to `forget`. */
  readonly forgotten: string[] = [];
  closed = false;

  private readonly runs = new Map<string, FakeRun>();
  private readonly failures: Error[] = [];
  private pid = 1000;

  constructor(private readonly now: () => Date = () => new Date()) {
    super();
  }

  /** Makes the next `launch` throw this. */
  failNext(error: Error): void {
    this.failures.push(error);
  }

  /** Pretends that a run of an earlier server lives (no `exit`) or ended with `exit`, for `adopt` to find. */
  seed(run: Pick<RunRef, 'runId' | 'runDir'>, exit: Partial<RunExit> | null = null): RunHandle {
    const { handle } = this.add(run.runId, run.runDir);
    if (exit) this.exit(run.runId, exit);
    return handle;
  }

  /** Ends a run: `exit('r1', {code: 3})`, `exit('r1', {signal: 'SIGSEGV'})`, `exit('r1', {lost: 'killed'})`. */
  exit(runId: string, exit: Partial<RunExit>): void {
    const run = this.runs.get(runId);
    if (!run) throw new Error(`FakeRunLauncher has no run ${runId}`);
    const code = exit.code ?? (exit.signal || exit.lost ? null : 0);
    run.exit ??= { code, signal: exit.signal ?? null, endedAt: exit.endedAt ?? this.now(), lost: exit.lost ?? null };
    run.settle(run.exit);
  }

  async launch(spec: LaunchSpec): Promise<RunHandle> {
    this.launches.push(spec);
    const failure = this.failures.shift();
    if (failure) throw failure;
    return this.add(spec.runId, spec.runDir).handle;
  }

  async adopt(run: RunRef): Promise<RunHandle | { ended: RunExit }> {
    const known = this.runs.get(run.runId);
    if (!known) return { ended: { code: null, signal: null, endedAt: this.now(), lost: 'reboot' } };
    return known.exit ? { ended: known.exit } : known.handle;
  }

  async members(run: RunRef): Promise<ProcessInfo[]> {
    return this.processes.get(run.runId) ?? [];
  }

  async stop(run: RunRef, options: StopOptions): Promise<StopReport> {
    this.stops.push({ runId: run.runId, options });
    if (this.onStop) return this.onStop(run, options);
    const known = this.runs.get(run.runId);
    if (known && !known.exit) this.exit(run.runId, { signal: 'SIGTERM' });
    this.processes.delete(run.runId);
    return { survivors: [], killed: 0, exit: known?.exit ?? null };
  }

  async forget(run: RunRef): Promise<void> {
    this.forgotten.push(run.runId);
  }

  close(): void {
    this.closed = true;
  }

  private add(runId: string, runDir: string): FakeRun {
    this.pid += 1;
    let settle: (exit: RunExit) => void = () => undefined;
    const exited = new Promise<RunExit>((resolve) => (settle = resolve));
    const identity = { runId, bootId, pid: this.pid, startTime: this.pid * 10 };
    const run: FakeRun = { handle: { runId, runDir, identity, exited }, exit: null, settle };
    this.runs.set(runId, run);
    return run;
  }
}
