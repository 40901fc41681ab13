import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DomainEvents, notFound } from '@aikore/api/kernel';
import type { Instance } from '@aikore/contract';
import { InstanceEntity, RunEntity, Transactions } from '@aikore/database';
import { Clock } from '@aikore/platform';
import { In, type Repository } from 'typeorm';
import { toInstance, toRun } from './instance-view';

/** What `patch` may change: everything but the identity. */
export type InstancePatch = Partial<Omit<InstanceEntity, 'id' | 'created_at' | 'updated_at'>>;

/** Instances and their runs in the database. Whatever changes here is announced. */
@Injectable()
export class InstanceStore {
  constructor(
    @InjectRepository(InstanceEntity) private readonly instances: Repository<InstanceEntity>,
    @InjectRepository(RunEntity) private readonly runs: Repository<RunEntity>,
    private readonly transactions: Transactions,
    private readonly events: DomainEvents,
    private readonly clock: Clock,
  ) {}

  /** All instances in display order. */
  async list(): Promise<Instance[]> {
    const rows = await this.rows();
    const ids = rows.flatMap((row) => row.current_run_id ?? []);
    const runs = new Map<string, RunEntity>();
    // SQLite takes at most 32,766 variables in a statement; 500 keeps each statement short.
    for (let i = 0; i < ids.length; i += 500) {
      for (const run of await this.runs.findBy({ id: In(ids.slice(i, i + 500)) })) runs.set(run.id, run);
    }
    return rows.map((row) => toInstance(row, (row.current_run_id && runs.get(row.current_run_id)) || null));
  }

  rows(): Promise<InstanceEntity[]> {
    return this.instances.find({ order: { position: 'ASC', id: 'ASC' } });
  }

  /** @throws AppError `not_found` */
  async row(id: number): Promise<InstanceEntity> {
    const row = await this.instances.findOneBy({ id });
    if (!row) throw notFound(`instance ${id}`);
    return row;
  }

  /** @throws AppError `not_found` */
  async view(id: number): Promise<Instance> {
    const row = await this.row(id);
    return toInstance(row, await this.currentRun(row));
  }

  currentRun(row: Pick<InstanceEntity, 'current_run_id'>): Promise<RunEntity | null> {
    return row.current_run_id ? this.runs.findOneBy({ id: row.current_run_id }) : Promise.resolve(null);
  }

  satellites(id: number): Promise<InstanceEntity[]> {
    return this.instances.findBy({ parent_instance_id: id });
  }

  async insert(row: Partial<InstanceEntity>): Promise<InstanceEntity> {
    const saved = await this.instances.save(this.instances.create(row));
    return this.announce(saved.id);
  }

  /** Write some columns, announce the change, and give the row back as it is now. */
  async patch(id: number, patch: InstancePatch): Promise<InstanceEntity> {
    const now = this.clock.now().toISOString();
    await this.instances.update(id, {
      ...patch,
      ...(patch.status !== undefined ? { status_since: now } : {}),
      updated_at: now,
    });
    return this.announce(id);
  }

  async remove(id: number): Promise<void> {
    await this.instances.delete(id);
    this.events.emit('instance.removed', { id });
  }

  /** Write down a run before it is spawned, so that it is found again whatever happens next. */
  async beginRun(run: Pick<RunEntity, 'id' | 'instance_id' | 'app_port'>): Promise<RunEntity> {
    await this.transactions.run(async (manager) => {
      await manager.insert(RunEntity, { ...run, started_at: this.clock.now().toISOString() });
      await manager.update(InstanceEntity, run.instance_id, { current_run_id: run.id });
    });
    return this.runs.findOneByOrFail({ id: run.id });
  }

  async patchRun(id: string, patch: Partial<RunEntity>): Promise<RunEntity> {
    await this.runs.update(id, patch);
    return this.runs.findOneByOrFail({ id });
  }

  announceRun(kind: 'run.started' | 'run.ended', instance: InstanceEntity, run: RunEntity): void {
    this.events.emit(kind, { instanceId: instance.id, directory: instance.directory, run: toRun(run) });
  }

  private async announce(id: number): Promise<InstanceEntity> {
    const row = await this.row(id);
    this.events.emit('instance.changed', { instance: toInstance(row, await this.currentRun(row)) });
    return row;
  }
}
