import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DomainEvents, notFound } from '@aikore/api/kernel';
import { inDisplayOrder, type Instance } from '@aikore/contract';
import { InstanceEntity, RunEntity, toRun, Transactions } from '@aikore/database';
import { Clock, type RunIdentity } from '@aikore/platform';
import { IsNull, LessThan, Not, type Repository } from 'typeorm';
import { toInstance } from './instance-view';

/** What `patch` may change: everything but the identity. */
export type InstancePatch = Partial<Omit<InstanceEntity, 'id' | 'created_at' | 'updated_at'>>;

/** Rows of runs kept per instance; the newest ones. */
const runsKept = 1000;
const dropOldRuns = `DELETE FROM runs WHERE instance_id = ? AND id NOT IN
  (SELECT id FROM runs WHERE instance_id = ? ORDER BY started_at DESC LIMIT ?)`;

/** Instances and their runs in the database. Whatever changes here is announced. */
@Injectable()
export class InstanceStore {
  /** What every client has been told. This server is the only writer, and announces whatever it writes. */
  private views: Promise<Map<number, Instance>> | null = null;
  /** Seen on the machine, not kept: the next server looks for itself. */
  private readonly exposed = new Map<number, readonly string[]>();

  constructor(
    @InjectRepository(InstanceEntity) private readonly instances: Repository<InstanceEntity>,
    @InjectRepository(RunEntity) private readonly runs: Repository<RunEntity>,
    private readonly transactions: Transactions,
    private readonly events: DomainEvents,
    private readonly clock: Clock,
  ) {}

  /** All instances in display order, as they were last announced: no query once they have been read. */
  async list(): Promise<Instance[]> {
    this.views ??= this.readViews().catch((error: unknown) => {
      this.views = null;
      throw error;
    });
    return inDisplayOrder([...(await this.views).values()]);
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
    return this.toView(await this.row(id));
  }

  /** Addresses beyond loopback on which processes of the instance listen. Announced when they are others than before. */
  async setExposed(id: number, addresses: readonly string[]): Promise<void> {
    if (addresses.join() === (this.exposed.get(id) ?? []).join()) return;
    if (addresses.length > 0) this.exposed.set(id, addresses);
    else this.exposed.delete(id);
    await this.announce(id);
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
    await this.instances.update(id, { ...patch, updated_at: this.now() });
    return this.announce(id);
  }

  /**
   * Write a new state, and how its run ended, together.
   *
   * @param ending the run's end; `over`: nothing more will be told of it
   */
  async transition(
    row: InstanceEntity,
    patch: InstancePatch,
    ending: { run: RunEntity; end: Partial<RunEntity>; over: boolean } | null,
  ): Promise<InstanceEntity> {
    const now = this.now();
    const since = patch.status !== row.status ? { status_since: now } : {};
    await this.transactions.run(async (manager) => {
      await manager.update(InstanceEntity, row.id, { ...patch, ...since, updated_at: now });
      if (ending) {
        await manager.update(RunEntity, ending.run.id, { ...ending.end, ...(ending.over ? { ended_at: now } : {}) });
      }
      if (patch.status === 'started' && row.current_run_id) {
        await manager.update(RunEntity, { id: row.current_run_id, ready_at: IsNull() }, { ready_at: now });
      }
    });
    const current = await this.announce(row.id);
    if (ending?.over) this.announceRun('run.ended', current, await this.run(ending.run.id));
    return current;
  }

  /** Give instances the places that they have in `ids`, and tell everybody. An order is no edit: no revision changes. */
  async order(ids: readonly number[]): Promise<void> {
    await this.transactions.run(async (manager) => {
      for (const [index, id] of ids.entries()) {
        const position = index + 1;
        await manager.update(InstanceEntity, { id, position: Not(position) }, { position });
      }
    });
    const views = await this.views;
    for (const [index, id] of ids.entries()) {
      const view = views?.get(id);
      if (view) views?.set(id, { ...view, position: index + 1 });
    }
    this.events.emit('instances.ordered', { ids: [...ids] });
  }

  /** The last run, and the newest one before it whose app came up. */
  async lastAndGood(row: InstanceEntity): Promise<{ last: RunEntity | null; good: RunEntity | null }> {
    const last = await this.currentRun(row);
    const before = {
      instance_id: row.id,
      ready_at: Not(IsNull()),
      ...(last && { started_at: LessThan(last.started_at) }),
    };
    const good = await this.runs.findOne({ where: before, order: { started_at: 'DESC' } });
    return { last, good };
  }

  async remove(id: number): Promise<void> {
    await this.instances.delete(id);
    (await this.views)?.delete(id);
    this.exposed.delete(id);
    this.events.emit('instance.removed', { id });
  }

  /** Write down a run before it is spawned, so that it is found again whatever happens next. */
  async beginRun(run: Pick<RunEntity, 'id' | 'instance_id' | 'app_port'>): Promise<RunEntity> {
    await this.transactions.run(async (manager) => {
      await manager.insert(RunEntity, { ...run, started_at: this.now() });
      await manager.update(InstanceEntity, run.instance_id, { current_run_id: run.id, app_port: run.app_port });
      await manager.query(dropOldRuns, [run.instance_id, run.instance_id, runsKept]);
    });
    return this.run(run.id);
  }

  /** Write down which process a run is and what it was started with, together with what changes on the instance. */
  async writeIdentity(
    id: number,
    identity: RunIdentity,
    patch: InstancePatch,
    started: Partial<Pick<RunEntity, 'launch'>> = {},
  ): Promise<{ row: InstanceEntity; run: RunEntity }> {
    const { runId, bootId, pid, startTime } = identity;
    await this.transactions.run(async (manager) => {
      await manager.update(RunEntity, runId, {
        boot_id: bootId,
        pid,
        pid_start_time: String(startTime),
        ...started,
      });
      await manager.update(InstanceEntity, id, { ...patch, updated_at: this.now() });
    });
    return { row: await this.announce(id), run: await this.run(runId) };
  }

  async patchRun(id: string, patch: Partial<RunEntity>): Promise<void> {
    await this.runs.update(id, patch);
  }

  /** A run that ended without a change of status: a spawn that failed, one found dead at boot. */
  async endRun(row: InstanceEntity, id: string, end: Partial<RunEntity>): Promise<void> {
    await this.runs.update(id, { ...end, ended_at: this.now() });
    this.announceRun('run.ended', row, await this.run(id));
  }

  announceRun(kind: 'run.started' | 'run.ended', instance: InstanceEntity, run: RunEntity): void {
    this.events.emit(kind, { instanceId: instance.id, directory: instance.directory, run: toRun(run) });
  }

  private run(id: string): Promise<RunEntity> {
    return this.runs.findOneByOrFail({ id });
  }

  private now(): string {
    return this.clock.now().toISOString();
  }

  private async announce(id: number): Promise<InstanceEntity> {
    const row = await this.row(id);
    const instance = await this.toView(row);
    (await this.views)?.set(id, instance);
    this.events.emit('instance.changed', { instance });
    return row;
  }

  private async readViews(): Promise<Map<number, Instance>> {
    const rows = await this.rows();
    const runs = await this.runs
      .createQueryBuilder('run')
      .innerJoin(InstanceEntity, 'instance', 'instance.current_run_id = run.id')
      .getMany();
    const byId = new Map(runs.map((run) => [run.id, run]));
    return new Map(
      rows.map((row) => [row.id, toInstance(row, byId.get(row.current_run_id ?? '') ?? null, this.seen(row))]),
    );
  }

  private async toView(row: InstanceEntity): Promise<Instance> {
    return toInstance(row, await this.currentRun(row), this.seen(row));
  }

  private seen({ id }: InstanceEntity): readonly string[] {
    return this.exposed.get(id) ?? [];
  }
}
