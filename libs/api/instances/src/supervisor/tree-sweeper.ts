import { Injectable } from '@nestjs/common';
import { AppConfig, DataLayout } from '@aikore/api/kernel';
import type { InstanceEntity, RunEntity } from '@aikore/database';
import { FreePorts, PortHolder, type RunExit, RunLauncher } from '@aikore/platform';
import { runRef } from './run-ref';

/** How long a stop may take in all before it gives up on what is left (SECURITY: P9). */
const deadlineMs = 15_000;

export interface SweepReport {
  /** What could not be ended, in words: empty when nothing of the run is left and its port is free. */
  readonly survivors: readonly string[];
  /** How the run's command ended, when that is known by now. */
  readonly exit: RunExit | null;
}

const nothing: SweepReport = { survivors: [], exit: null };

/** Stops the process trees of runs, one sweep per instance at a time, beside the instance's mailbox. */
@Injectable()
export class TreeSweeper {
  private readonly sweeps = new Map<number, Promise<SweepReport>>();
  /** Sweeps whose outcome was not taken yet. */
  private readonly open = new Map<number, Set<Promise<void>>>();

  constructor(
    private readonly config: AppConfig,
    private readonly layout: DataLayout,
    private readonly launcher: RunLauncher,
    private readonly freePorts: FreePorts,
    private readonly holder: PortHolder,
  ) {}

  /**
   * Remove every process of the run, and see whether its port is free again. A sweep under way is joined.
   *
   * @param tell takes the outcome; the instance is not settled before it has
   */
  sweep(
    row: InstanceEntity,
    readRun: () => Promise<RunEntity | null>,
    tell: (report: SweepReport) => Promise<void>,
  ): void {
    const told = this.look(row, readRun)
      .catch((error: unknown) => ({
        survivors: [`its processes could not be looked for: ${String(error)}`],
        exit: null,
      }))
      .then(tell);
    const open = (this.open.get(row.id) ?? new Set()).add(told);
    this.open.set(row.id, open);
    void told.then(() => {
      open.delete(told);
      if (open.size === 0) this.open.delete(row.id);
    });
  }

  /** False while something of the instance is being removed, or what came of that is not written down. */
  isSettled(id: number): boolean {
    return !this.open.has(id);
  }

  /** Resolves when it is settled. Never to be waited for in the instance's mailbox, through which the outcome comes. */
  async settled(id: number): Promise<void> {
    for (let open = this.open.get(id); open; open = this.open.get(id)) await Promise.all(open);
  }

  private look(row: InstanceEntity, readRun: () => Promise<RunEntity | null>): Promise<SweepReport> {
    const running = this.sweeps.get(row.id);
    if (running) return running;
    const sweep = readRun()
      .then((run) => (run ? this.stopTree(row, run) : nothing))
      .finally(() => this.sweeps.delete(row.id));
    this.sweeps.set(row.id, sweep);
    return sweep;
  }

  private async stopTree(row: InstanceEntity, run: RunEntity): Promise<SweepReport> {
    const { stopGraceMs } = this.config;
    const report = await this.launcher.stop(runRef(this.layout, row, run), {
      graceMs: stopGraceMs,
      deadlineMs: Math.max(deadlineMs, stopGraceMs + 5000),
    });
    const survivors = report.survivors.map(({ pid, command }) => `${command} (pid ${pid})`);
    const holder = await this.holderOf(run.app_port);
    if (holder) survivors.push(`${holder}, which holds port ${run.app_port}`);
    return { survivors, exit: report.exit };
  }

  private async holderOf(port: number | null): Promise<string | null> {
    if (port === null || (await this.freePorts.canListen('127.0.0.1', port))) return null;
    return (await this.holder.describe(port)).text;
  }
}
