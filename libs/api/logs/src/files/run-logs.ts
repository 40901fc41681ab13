import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { AppConfig, DataLayout, notFound } from '@aikore/api/kernel';
import type { Run } from '@aikore/contract';
import { InstanceEntity, RunEntity, toRun } from '@aikore/database';
import { measureFile } from '@aikore/platform';
import { IsNull, MoreThanOrEqual, Repository } from 'typeorm';
import { LogStarts } from './log-starts';

/** Most runs that a list answers with; older ones stay in the database. */
export const maxListedRuns = 500;

/** A run and where its log is. `log_start + log_size` is the end of the log at the time of asking. */
export interface RunLog {
  readonly run: Run;
  readonly path: string;
  readonly instance: { readonly id: number; readonly slug: string };
}

const newestFirst = { started_at: 'DESC', id: 'DESC' } as const;

/** Finds runs and their log files. */
@Injectable()
export class RunLogs {
  constructor(
    private readonly config: AppConfig,
    private readonly layout: DataLayout,
    @InjectRepository(RunEntity) private readonly runs: Repository<RunEntity>,
    @InjectRepository(InstanceEntity) private readonly instances: Repository<InstanceEntity>,
    private readonly starts: LogStarts,
  ) {}

  /**
   * A run of an instance.
   *
   * @param runId null: the newest run
   * @returns null when the newest was asked for and the instance has never run
   * @throws AppError `not_found` for an unknown instance, or a run that is not this instance's
   */
  async find(instanceId: number, runId: string | null): Promise<RunLog | null> {
    const instance = await this.instance(instanceId);
    const where = { instance_id: instanceId, ...(runId === null ? {} : { id: runId }) };
    const row = await this.runs.findOne({ where, order: newestFirst });
    if (row) return this.locate(instance, row);
    if (runId !== null) throw notFound('such run of this instance');
    return null;
  }

  /** Runs of an instance, newest first, at most `maxListedRuns`. */
  async list(instanceId: number): Promise<Run[]> {
    const instance = await this.instance(instanceId);
    const rows = await this.runs.find({
      where: { instance_id: instanceId },
      order: newestFirst,
      take: Math.max(maxListedRuns, this.config.logRunsKept),
    });
    // Only the newest have files; the sizes of the others are final in the database.
    const located = rows.map(async (row, index) => {
      const final = index >= this.config.logRunsKept && row.ended_at !== null;
      return final ? toRun(row) : (await this.locate(instance, row)).run;
    });
    return Promise.all(located);
  }

  /** Ids of an instance's runs that keep their files: the newest ones, and those that go on. */
  async idsKept(instanceId: number): Promise<Set<string>> {
    const [select, where] = [{ id: true } as const, { instance_id: instanceId }];
    const newest = await this.runs.find({ select, where, order: newestFirst, take: this.config.logRunsKept });
    const running = await this.runs.find({ select, where: { ...where, ended_at: IsNull() } });
    return new Set([...newest, ...running].map(({ id }) => id));
  }

  /** Ids of the runs of the same instance that began after `run`, oldest first. */
  async idsAfter(run: Run): Promise<string[]> {
    const rows = await this.runs.find({
      select: { id: true, started_at: true },
      where: { instance_id: run.instance_id, started_at: MoreThanOrEqual(run.started_at) },
      order: newestFirst,
      take: maxListedRuns,
    });
    const index = rows.findIndex(({ id }) => id === run.id);
    return (index < 0 ? rows : rows.slice(0, index)).map(({ id }) => id).reverse();
  }

  /** Runs that have not ended, of all instances. */
  async running(): Promise<RunLog[]> {
    const rows = await this.runs.createQueryBuilder('run').where('run.ended_at IS NULL').getMany();
    const located = await Promise.all(rows.map((row) => this.find(row.instance_id, row.id).catch(() => null)));
    return located.filter((log): log is RunLog => log !== null);
  }

  /** Write what is kept of a run's log. */
  async store(runId: string, kept: { log_start?: number; log_size?: number }): Promise<void> {
    await this.runs.update(runId, kept);
  }

  /** The log file of a run; `directory` is the instance's folder name. */
  path(directory: string, runId: string): string {
    return this.layout.logFile(directory, runId);
  }

  /** The folder of an instance's logs; `directory` as above. */
  folder(directory: string): string {
    return this.layout.logs(directory);
  }

  private async instance(id: number): Promise<InstanceEntity> {
    const instance = await this.instances.findOneBy({ id });
    if (!instance) throw notFound(`instance with the id ${id}`);
    return instance;
  }

  private async locate(instance: InstanceEntity, row: RunEntity): Promise<RunLog> {
    const path = this.path(instance.directory, row.id);
    const log_start = this.starts.of(row.id, row.log_start);
    const size = (await measureFile(path).catch(() => null))?.size ?? null;
    const log_size = size === null ? row.log_size : Math.max(0, size - log_start);
    return { run: { ...toRun(row), log_start, log_size }, path, instance: { id: instance.id, slug: instance.slug } };
  }
}

/** The end of a run's log: the offset of the byte that comes next. */
export const logEnd = (run: Run): number => run.log_start + run.log_size;
