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

  constructor(
    private readonly config: AppConfig,
    private readonly layout: DataLayout,
    private readonly launcher: RunLauncher,
    private readonly freePorts: FreePorts,
    private readonly holder: PortHolder,
  ) {}

  /** Remove every process of the run, and see whether its port is free again. A sweep under way is joined. */
  sweep(row: InstanceEntity, readRun: () => Promise<RunEntity | null>): Promise<SweepReport> {
    const running = this.sweeps.get(row.id);
    if (running) return running;
    const sweep = readRun()
      .then((run) => (run ? this.stopTree(row, run) : nothing))
      .finally(() => this.sweeps.delete(row.id));
    this.sweeps.set(row.id, sweep);
    return sweep;
  }

  /** Resolves when no sweep of the instance is under way; its outcome is reported to whoever began it. */
  async settled(id: number): Promise<void> {
    await this.sweeps.get(id)?.catch(() => undefined);
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
