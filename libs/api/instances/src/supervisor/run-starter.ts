import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { PortAllocator } from '@aikore/api/ports';
import { AppConfig, AppError } from '@aikore/api/kernel';
import type { InstanceEntity, RunEntity } from '@aikore/database';
import { planLaunch } from '@aikore/domain';
import type { RunHandle } from '@aikore/platform';
import { InstanceStore } from '../instance-store';
import { type Provisioned, Provisioner } from './provisioner';
import type { WatchedRun } from './run-watch';
import { SystemTools } from './system-tools';

export interface StartedRun {
  readonly run: RunEntity;
  readonly handle: RunHandle;
  readonly watched: WatchedRun;
}

/** Everything between "start" and a running process: folders, ports, plan, run row, spawn. */
@Injectable()
export class RunStarter {
  constructor(
    private readonly config: AppConfig,
    private readonly store: InstanceStore,
    private readonly provisioner: Provisioner,
    private readonly ports: PortAllocator,
    private readonly system: SystemTools,
  ) {}

  /**
   * @throws AppError, StorageError, PathEscapeError or SpawnError, each with a sentence; then nothing runs
   */
  async start(instance: InstanceEntity): Promise<StartedRun> {
    if (instance.persistent_mode) throw noDesktop(instance);
    const parent = instance.parent_instance_id === null ? null : await this.store.row(instance.parent_instance_id);
    const provisioned = await this.provisioner.provision(instance, parent);
    await this.ports.ensurePublicPort(instance);
    const appPort = await this.ports.leaseAppPort(instance.id);
    const run = await this.store.beginRun({ id: randomUUID(), instance_id: instance.id, app_port: appPort });
    try {
      const handle = await this.spawn(instance, parent ?? instance, provisioned, run.id, appPort);
      const { identity } = handle;
      const saved = await this.store.patchRun(run.id, {
        boot_id: identity.bootId,
        pid: identity.pid,
        pid_start_time: String(identity.startTime),
      });
      return { run: saved, handle, watched: this.watchedRun(instance, run.id, appPort, provisioned.header) };
    } catch (error) {
      await this.store.patchRun(run.id, {
        ended_at: this.system.clock.now().toISOString(),
        reason: 'spawn_failed',
      });
      throw error;
    }
  }

  /** What to watch of a run that was found again after a restart of the server. */
  async watchedAgain(instance: InstanceEntity, run: RunEntity): Promise<WatchedRun> {
    const parent = instance.parent_instance_id === null ? null : await this.store.row(instance.parent_instance_id);
    const header = await this.provisioner.headerFor(instance, parent);
    return this.watchedRun(instance, run.id, run.app_port ?? 0, header);
  }

  private watchedRun(
    instance: InstanceEntity,
    runId: string,
    appPort: number,
    header: WatchedRun['header'],
  ): WatchedRun {
    return {
      appPort,
      header,
      progressFile: this.system.layout.progressFile(instance.directory, runId),
      logFile: this.system.layout.logFile(instance.directory, runId),
    };
  }

  private async spawn(
    instance: InstanceEntity,
    home: InstanceEntity,
    provisioned: Provisioned,
    runId: string,
    appPort: number,
  ): Promise<RunHandle> {
    const progressFile = this.system.layout.progressFile(instance.directory, runId);
    await this.system.files.writeFileAtomic(progressFile, '', { mode: 0o600 });
    const plan = planLaunch({
      instance,
      homeName: home.name,
      paths: {
        ...provisioned,
        temp: this.system.layout.temp,
        models: this.system.layout.models,
        blueprintLib: join(this.config.blueprintsDir, 'lib'),
        progressFile,
      },
      appPort,
      inherited: this.config.inheritedEnvironment,
    });
    return this.system.launcher.launch({
      runId,
      argv: plan.argv,
      cwd: plan.cwd,
      env: plan.env,
      logFile: this.system.layout.logFile(instance.directory, runId),
      runDir: this.system.layout.runs(instance.directory),
    });
  }
}

const noDesktop = (instance: InstanceEntity): AppError =>
  new AppError(
    'blueprint_unusable',
    `"${instance.name}" wants a persistent desktop, and none is installed here. Switch Persistent UI off to run it without one.`,
  );
