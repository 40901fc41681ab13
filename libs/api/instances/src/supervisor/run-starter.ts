import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError } from '@aikore/api/kernel';
import { PortAllocator } from '@aikore/api/ports';
import type { InstanceEntity, RunEntity } from '@aikore/database';
import { type BlueprintHeader, defaultHeader } from '@aikore/domain';
import type { RunExit, RunHandle } from '@aikore/platform';
import { InstanceStore } from '../instance-store';
import { Provisioner } from './provisioner';
import { type Findings, RunFollower } from './run-follower';
import { RunSpawner } from './run-spawner';

/**
 * Everything between "start" and a running process that is followed: folders, ports, run row, spawn, and its identity
 * in the database.
 */
@Injectable()
export class RunStarter {
  constructor(
    private readonly store: InstanceStore,
    private readonly provisioner: Provisioner,
    private readonly ports: PortAllocator,
    private readonly spawner: RunSpawner,
    private readonly follower: RunFollower,
  ) {}

  /**
   * @param findings where what the run tells about itself goes
   * @throws AppError, StorageError, PathEscapeError or SpawnError, each with a sentence; then nothing runs
   */
  async start(row: InstanceEntity, findings: (run: RunEntity) => Findings): Promise<InstanceEntity> {
    if (row.persistent_mode) throw noDesktop(row);
    const parent = await this.parentOf(row);
    const provisioned = await this.provisioner.provision(row, parent);
    await this.ports.ensurePublicPort(row, (lease) => this.store.patch(row.id, lease));
    const run = await this.ports.leaseAppPort(row.id, (app_port) =>
      this.store.beginRun({ id: randomUUID(), instance_id: row.id, app_port }),
    );
    let handle: RunHandle | null = null;
    try {
      const spawned = await this.spawner.spawn(row, parent ?? row, run, provisioned);
      ({ handle } = spawned);
      const fresh = { needs_restart: false, progress: null };
      const started = await this.store.writeIdentity(row.id, handle.identity, fresh, { launch: spawned.launch });
      this.follower.follow(started, handle, provisioned.header, findings(started.run));
      this.store.announceRun('run.started', started.row, started.run);
      return started.row;
    } catch (error) {
      if (handle) await this.spawner.abandon(handle);
      await this.store.endRun(row, run.id, { reason: 'spawn_failed' });
      throw error;
    }
  }

  /** Find a run of an earlier server again: alive, and then followed, or ended meanwhile. */
  async find(
    row: InstanceEntity,
    run: RunEntity,
    findings: Findings,
  ): Promise<{ row: InstanceEntity; run: RunEntity } | { ended: RunExit }> {
    const found = await this.spawner.find(row, run);
    if ('ended' in found) return found;
    const known = await this.store.writeIdentity(row.id, found.identity, {});
    this.follower.follow(known, found, await this.headerOf(row), findings);
    return known;
  }

  /** Remove the small files of a run whose end is in the database. */
  tidy(row: InstanceEntity, run: RunEntity): Promise<void> {
    return this.spawner.tidy(row, run);
  }

  /** Follow no longer. Runs go on. */
  close(): void {
    this.follower.close();
    this.spawner.close();
  }

  /** The default one when the script cannot be read any more: its run must be followed all the same. */
  private async headerOf(row: InstanceEntity): Promise<BlueprintHeader> {
    return this.provisioner.headerFor(row, await this.parentOf(row)).catch(() => defaultHeader(row.base_blueprint));
  }

  private parentOf(row: InstanceEntity): Promise<InstanceEntity | null> {
    return row.parent_instance_id === null ? Promise.resolve(null) : this.store.row(row.parent_instance_id);
  }
}

const noDesktop = (row: InstanceEntity): AppError =>
  new AppError(
    'blueprint_unusable',
    `"${row.name}" wants a persistent desktop, and none is installed here. Switch Persistent UI off to run it without one.`,
  );
