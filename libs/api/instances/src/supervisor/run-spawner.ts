import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataLayout } from '@aikore/api/kernel';
import type { LaunchSnapshot } from '@aikore/contract';
import type { InstanceEntity, RunEntity } from '@aikore/database';
import { launchSnapshotOf, planLaunch } from '@aikore/domain';
import { Files, MemoryKills, type RunExit, type RunHandle, RunLauncher } from '@aikore/platform';
import { LaunchSettings } from './launch-settings';
import type { Provisioned } from './provisioner';
import { runRef } from './run-ref';

/** Plans the command of a run, and starts it. */
@Injectable()
export class RunSpawner {
  constructor(
    private readonly settings: LaunchSettings,
    private readonly layout: DataLayout,
    private readonly files: Files,
    private readonly launcher: RunLauncher,
    private readonly memoryKills: MemoryKills,
  ) {}

  /**
   * @param home the instance whose folder and environment are used: a satellite's is its parent
   * @returns the live run, and what it was started with
   * @throws SpawnError or StorageError with a sentence; then nothing runs
   */
  async spawn(
    row: InstanceEntity,
    home: InstanceEntity,
    run: RunEntity,
    provisioned: Provisioned,
  ): Promise<{ handle: RunHandle; launch: LaunchSnapshot }> {
    const progressFile = this.layout.progressFile(row.directory, run.id);
    await this.files.writeFileAtomic(progressFile, '', { mode: 0o600 });
    const settings = await this.settings.of(row, home, provisioned);
    const { argv, cwd, env } = planLaunch({
      ...settings,
      paths: { ...settings.paths, progressFile },
      appPort: run.app_port ?? 0,
    });
    const launch = launchSnapshotOf({
      blueprint: home.base_blueprint,
      script: await this.hashOf(provisioned.script),
      settings: settingsOf(row),
      env,
      memoryKills: await this.memoryKills.count(),
    });
    const logFile = this.layout.logFile(row.directory, run.id);
    const spec = { runId: run.id, argv, cwd, env, logFile, runDir: this.layout.runs(row.directory) };
    return { handle: await this.launcher.launch(spec), launch };
  }

  private async hashOf(script: string): Promise<string> {
    const bytes = (await this.files.read(script)) ?? new Uint8Array();
    return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  }

  /** End what was just spawned, because it could not be written down. */
  async abandon(handle: RunHandle): Promise<void> {
    await this.launcher.stop(handle, { graceMs: 1000, deadlineMs: 10_000 });
  }

  /** Watch no longer for the ends of runs. They go on. */
  close(): void {
    this.launcher.close();
  }

  find(row: InstanceEntity, run: RunEntity): Promise<RunHandle | { ended: RunExit }> {
    return this.launcher.adopt(runRef(this.layout, row, run));
  }

  async tidy(row: InstanceEntity, run: RunEntity): Promise<void> {
    await this.launcher.forget(runRef(this.layout, row, run));
    await this.files.removeTree(this.layout.progressFile(row.directory, run.id));
  }
}

/** What reaches the app by itself; versions are seen in its environment. */
const settingsOf = ({ gpu_ids, output_path, persistent_mode, slug }: InstanceEntity) => ({
  gpu_ids,
  output_path,
  persistent_mode,
  slug,
});
