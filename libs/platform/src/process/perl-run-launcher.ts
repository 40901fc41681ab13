import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ensureDir } from '../files/folders';
import { StorageError } from '../files/storage-error';
import { CgroupTree } from './cgroup-tree';
import { ExitWatch } from './exit-watch';
import { readBootId, readStat } from './procfs';
import { exitFile, lostExit, readExit, readStart, removeRunFiles, startFile, type StartNote } from './run-files';
import { RunLauncher, SpawnError } from './run-launcher';
import type { LaunchSpec, ProcessInfo, RunExit, RunHandle, RunIdentity, RunRef, StopOptions } from './run-launcher';
import type { StopReport } from './run-launcher';
import { RunMark, serverIdOf } from './run-mark';
import { describeProcess, findLauncher, isSame, RunTree } from './run-tree';
import { checkSpec, spawnErrorFor } from './spawn-sentences';
import { TreeStop } from './tree-stop';

export interface PerlRunLauncherOptions {
  /** Where launcher.pl lies; beside this module by default. A bundle copies it next to itself. */
  launcherPath?: string;
  /** `/usr/bin/perl` by default: part of every Debian and Ubuntu. */
  perlPath?: string;
  /** Names this server among several on the machine (its data folder): in the cgroup's name, and in each run's environment. */
  scope?: string;
  /** False turns cgroups off; by default they are used where the system allows it. */
  cgroups?: boolean;
}

const startTimeoutMs = 10_000;
const startPollMs = 4;
const reportTimeoutMs = 1500;

/** Runs under launcher.pl, one small Perl process per run that outlives the server (DESIGN.md §5). */
export class PerlRunLauncher extends RunLauncher {
  private readonly bootId = readBootId();
  private readonly perl: string;
  private readonly script: string;
  private readonly serverId: string;
  private readonly cgroups: CgroupTree | null;
  private turns: Promise<void> = Promise.resolve();
  private readonly exits = new ExitWatch((run) => this.removeLeaf(run.runId));

  constructor(options: PerlRunLauncherOptions = {}) {
    super();
    this.perl = options.perlPath ?? '/usr/bin/perl';
    this.script = options.launcherPath ?? fileURLToPath(new URL('./launcher.pl', import.meta.url));
    this.serverId = serverIdOf(options.scope ?? '');
    this.cgroups = options.cgroups === false ? null : CgroupTree.detect(this.serverId);
    this.cgroups?.sweepLeftovers();
  }

  /** True when runs get a cgroup of their own, and a stop therefore misses nothing. */
  get usesCgroups(): boolean {
    return this.cgroups !== null;
  }

  async launch(spec: LaunchSpec): Promise<RunHandle> {
    checkSpec(spec);
    await this.prepare(spec);
    const leaf = this.cgroups?.make(spec.runId) ?? null;
    try {
      const identity = await this.start(spec, leaf);
      return this.exits.watch({ runId: spec.runId, runDir: spec.runDir, identity });
    } catch (error) {
      await removeRunFiles(spec);
      if (leaf) CgroupTree.remove(leaf);
      throw error;
    }
  }

  async adopt(run: RunRef): Promise<RunHandle | { ended: RunExit }> {
    const exit = readExit(run);
    if (exit) return this.ended(run, exit);
    const identity = await this.identify(run);
    if (identity && isSame(identity)) return this.exits.watch({ runId: run.runId, runDir: run.runDir, identity });
    return this.ended(run, readExit(run) ?? lostExit(this.whyLost(run)));
  }

  async members(run: RunRef): Promise<ProcessInfo[]> {
    const members = await this.treeOf(run, await this.identify(run)).scan();
    return Promise.all(members.map(describeProcess));
  }

  async stop(run: RunRef, options: StopOptions): Promise<StopReport> {
    if (run.identity && run.identity.bootId !== this.bootId) {
      // Nothing lives through that, and no process needs to be looked at.
      this.removeLeaf(run.runId, run);
      return { survivors: [], killed: 0, exit: readExit(run) ?? lostExit('reboot') };
    }
    const launcher = await this.identify(run);
    const tree = this.treeOf(run, launcher);
    const { survivors, killed } = await new TreeStop(tree, launcher, this.leafOf(run), options).run();
    const exit = await this.exitAfterStop(run, launcher, survivors.length === 0);
    this.exits.checkAll();
    for (let tries = 0; tries < 20 && !this.removeLeaf(run.runId, run); tries += 1) {
      if (survivors.length > 0) break;
      await delay(10);
    }
    // What was killed at the last moment is gone by now.
    return { survivors: await Promise.all(survivors.filter(isSame).map(describeProcess)), killed, exit };
  }

  async forget(run: RunRef): Promise<void> {
    this.removeLeaf(run.runId, run);
    await removeRunFiles(run);
  }

  close(): void {
    this.exits.close();
  }

  private async prepare(spec: LaunchSpec): Promise<void> {
    try {
      await ensureDir(spec.runDir);
    } catch (cause) {
      const { message, code } = StorageError.from(cause, spec.runDir);
      throw new SpawnError('run_dir', message, code, { cause });
    }
    if (existsSync(startFile(spec)) || existsSync(exitFile(spec))) {
      throw new SpawnError('spec', `The run id ${spec.runId} was used before.`);
    }
  }

  private async start(spec: LaunchSpec, leaf: string | null): Promise<RunIdentity> {
    const { runId, logFile, cwd, argv } = spec;
    const args = [this.script, runId, logFile, startFile(spec), exitFile(spec), cwd, leaf ?? '', '--', ...argv];
    await this.nextTurn();
    const { child, failed } = this.spawn(args, { ...spec.env, ...this.markOf(runId).environment });
    // From the kernel, not from the note: the run could have forged that.
    const startTime = readStat(child.pid ?? 0)?.startTime ?? 0;
    const identity: RunIdentity = { runId, bootId: this.bootId, pid: child.pid ?? 0, startTime };
    const note = await this.waitForNote(spec, child, failed);
    if (note && 'error' in note) throw spawnErrorFor(spec, note.error, note.errno);
    if (note) return identity;
    if (child.exitCode !== null || child.signalCode !== null) throw await this.whyNoNote(spec);
    await new TreeStop(this.treeOf(spec, identity), identity, leaf, { graceMs: 0, deadlineMs: 5000 }).run();
    throw new SpawnError('launcher', 'The run did not start within 10 seconds. The machine may be overloaded.');
  }

  /** A spawn blocks the event loop for some milliseconds: with one per turn, 20 at once do not stop the server. */
  private nextTurn(): Promise<void> {
    return (this.turns = this.turns.then(() => turn()));
  }

  private spawn(args: string[], env: Record<string, string>): { child: ChildProcess; failed: Error[] } {
    const failed: Error[] = [];
    try {
      // Detached means setsid: the launcher leads a session of its own and has nothing in common with the server.
      const child = spawn(this.perl, args, { detached: true, stdio: 'ignore', cwd: '/', env });
      child.on('error', (error) => failed.push(error));
      child.on('exit', () => this.exits.checkAll());
      child.unref();
      return { child, failed };
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : null;
      const tooLarge = 'The arguments and the environment of this run are too large for the system.';
      throw new SpawnError('launcher', code === 'E2BIG' ? tooLarge : 'The launcher could not be started.', code, {
        cause,
      });
    }
  }

  /** The launcher's word on the start; null when it ended without one, or took too long. */
  private async waitForNote(spec: LaunchSpec, child: ChildProcess, failed: Error[]): Promise<StartNote | null> {
    for (const deadline = performance.now() + startTimeoutMs; performance.now() < deadline;) {
      if (failed[0]) {
        const message = `AiKore needs ${this.perl} to start a run. Install the package perl-base and try again.`;
        throw new SpawnError('launcher', message, null, { cause: failed[0] });
      }
      const over = child.exitCode !== null || child.signalCode !== null;
      const note = readStart(spec);
      if (note || over) return note;
      await delay(startPollMs);
    }
    return null;
  }

  /** It could not even write down its failure: most likely this is why. */
  private async whyNoNote(spec: LaunchSpec): Promise<SpawnError> {
    const trial = `${startFile(spec)}.tmp`;
    try {
      await writeFile(trial, ' '.repeat(128));
      await rm(trial);
    } catch (cause) {
      const problem = StorageError.from(cause, spec.runDir);
      return new SpawnError('run_dir', problem.message, problem.code, { cause });
    }
    return new SpawnError('launcher', `The launcher ${this.script} failed. Check that the installation is complete.`);
  }

  /** The launcher of a run, dead or alive, as far as it can be known in this boot. */
  private async identify(run: RunRef): Promise<RunIdentity | null> {
    if (run.identity && run.identity.bootId !== this.bootId) return null;
    const noted = this.noted(run);
    const identity = noted?.bootId === this.bootId ? noted : null;
    // The run itself could have written its start file, and another server may have a copy of both: a process that lives
    // must also carry the mark.
    const mark = this.markOf(run.runId);
    if (identity && (!isSame(identity) || (await mark.isOn(identity.pid)))) return identity;
    return findLauncher(mark, exitFile(run), this.bootId);
  }

  private noted(run: RunRef): RunIdentity | null {
    if (run.identity) return run.identity;
    const note = readStart(run);
    return note && 'identity' in note ? note.identity : null;
  }

  private whyLost(run: RunRef): 'killed' | 'reboot' {
    const identity = this.noted(run);
    if (!identity) return 'killed';
    // In a container the machine's boot goes on: there it is the first process that is younger than the run.
    const first = readStat(1)?.startTime ?? 0;
    return identity.bootId !== this.bootId || first > identity.startTime ? 'reboot' : 'killed';
  }

  private markOf(runId: string): RunMark {
    return new RunMark(runId, this.serverId);
  }

  private treeOf(run: Omit<RunRef, 'identity'>, launcher: RunIdentity | null): RunTree {
    return new RunTree(this.markOf(run.runId), launcher, this.leafOf(run));
  }

  private leafOf(run: Omit<RunRef, 'identity'>): string | null {
    const note = readStart(run);
    return this.cgroups?.find(run.runId, note && 'cgroup' in note ? note.cgroup : null) ?? null;
  }

  private removeLeaf(runId: string, run?: RunRef): boolean {
    const leaf = run ? this.leafOf(run) : (this.cgroups?.find(runId, null) ?? null);
    return leaf === null || CgroupTree.remove(leaf);
  }

  private ended(run: RunRef, exit: RunExit): { ended: RunExit } {
    this.removeLeaf(run.runId, run);
    return { ended: exit };
  }

  /** The launcher needs a moment to write the exit file after the last process died. */
  private async exitAfterStop(run: RunRef, launcher: RunIdentity | null, isEmpty: boolean): Promise<RunExit | null> {
    for (const deadline = performance.now() + reportTimeoutMs; performance.now() < deadline; await delay(10)) {
      const isGone = !launcher || !isSame(launcher);
      const exit = readExit(run);
      if (exit || !isEmpty) return exit;
      if (isGone) return readExit(run) ?? lostExit();
    }
    return null;
  }
}
