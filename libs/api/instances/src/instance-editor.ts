import { Injectable } from '@nestjs/common';
import { AppError, DataLayout } from '@aikore/api/kernel';
import { PortAllocator, publicPort } from '@aikore/api/ports';
import type { CreateInstance, UpdateInstance } from '@aikore/contract';
import type { InstanceEntity } from '@aikore/database';
import { deriveDirectory, deriveSlug, isActive, maxSlugLength, uniqueName } from '@aikore/domain';
import { InstanceDisk } from './instance-disk';
import { type InstancePatch, InstanceStore } from './instance-store';

type Settings = Omit<UpdateInstance, 'revision'>;

/** Settings that a running app takes over only when it is started again (REFERENCE: hot-swap fields are the others). */
const startSettings = new Set<keyof Settings>([
  'base_blueprint',
  'gpu_ids',
  'output_path',
  'persistent_mode',
  'python_version',
  'cuda_version',
  'torch_version',
]);

/** What a satellite takes from its parent. */
const parentSettings = ['base_blueprint', 'output_path', 'python_version', 'cuda_version', 'torch_version'] as const;

/** Creates instances and changes their settings. Checks everything first, then writes once. */
@Injectable()
export class InstanceEditor {
  constructor(
    private readonly layout: DataLayout,
    private readonly store: InstanceStore,
    private readonly ports: PortAllocator,
    private readonly disk: InstanceDisk,
  ) {}

  /** @throws AppError `name_taken`, `blueprint_unusable`, `port_taken`, `validation_failed` */
  async create(input: CreateInstance): Promise<InstanceEntity> {
    const rows = await this.store.rows();
    assertNameFree(rows, input.name, 0);
    const { header } = await this.disk.blueprints.resolve(input.base_blueprint);
    const { port, ...settings } = input;
    const row: Partial<InstanceEntity> = {
      persistent_mode: header.persistent_mode,
      ...settings,
      slug: uniqueName(deriveSlug(input.name), taken(rows, 'slug'), maxSlugLength),
      directory: await this.freeDirectory(input.name, rows),
      position: Math.max(0, ...rows.map(({ position }) => position)) + 1,
    };
    if (port != null) {
      const column = row.persistent_mode ? 'persistent_port' : 'port';
      return this.ports.choosePublicPort(port, 0, () => this.store.insert({ ...row, [column]: port }));
    }
    const created = await this.store.insert(row);
    return this.leaseIfFree(created);
  }

  /**
   * Change settings. The caller holds the instance's mailbox.
   *
   * @throws AppError as `create`, `stale_revision`, and `wrong_state` for what a satellite takes from its parent
   */
  async update(row: InstanceEntity, input: UpdateInstance): Promise<InstanceEntity> {
    const { revision, port, ...settings } = input;
    if (revision !== undefined && revision !== row.revision) {
      throw new AppError(
        'stale_revision',
        `"${row.name}" was changed by somebody else meanwhile. Look at the new values, then save again.`,
      );
    }
    const changes = changed(row, settings);
    assertOwnSettings(row, changes);
    const patch: InstancePatch = { ...changes, ...(await this.derived(row, changes)), revision: row.revision + 1 };
    if (changes.base_blueprint) await this.disk.provisioner.replaceScript(row, changes.base_blueprint);
    if (isActive(row.status) && [...startSettings].some((key) => key in changes)) patch.needs_restart = true;
    const mode = changes.persistent_mode ?? row.persistent_mode;
    if (mode !== row.persistent_mode) Object.assign(patch, movedPort(row, mode));
    return this.writePort({ ...row, ...patch } as InstanceEntity, port, patch);
  }

  private writePort(
    next: InstanceEntity,
    port: number | null | undefined,
    patch: InstancePatch,
  ): Promise<InstanceEntity> {
    const column = next.persistent_mode ? 'persistent_port' : 'port';
    if (port == null) {
      if (port === null) Object.assign(patch, { [column]: null });
      return this.store.patch(next.id, patch).then((row) => (port === null ? this.leaseIfFree(row) : row));
    }
    if (port === publicPort(next)) return this.store.patch(next.id, patch);
    return this.ports.choosePublicPort(port, next.id, () => this.store.patch(next.id, { ...patch, [column]: port }));
  }

  /** An address at once where the pool allows it; else the first start says that the pool is used up. */
  private async leaseIfFree(row: InstanceEntity): Promise<InstanceEntity> {
    try {
      await this.ports.ensurePublicPort(row);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'no_free_port') throw error;
      return row;
    }
    return this.store.patch(row.id, {});
  }

  /** What follows from a new name, after checking it and the blueprint. The folder never moves. */
  private async derived(row: InstanceEntity, changes: Settings): Promise<InstancePatch> {
    if (changes.base_blueprint) await this.disk.blueprints.resolve(changes.base_blueprint);
    if (changes.output_path) await this.disk.files.resolveInside(this.layout.outputs, changes.output_path);
    if (changes.name === undefined) return {};
    const others = (await this.store.rows()).filter(({ id }) => id !== row.id);
    assertNameFree(others, changes.name, row.id);
    return { slug: uniqueName(deriveSlug(changes.name), taken(others, 'slug'), maxSlugLength) };
  }

  /** A folder name that neither an instance nor anything on the disk has. */
  private async freeDirectory(name: string, rows: readonly InstanceEntity[]): Promise<string> {
    const onDisk = await this.disk.files.list(this.layout.instances);
    return uniqueName(deriveDirectory(name), [...taken(rows, 'directory'), ...onDisk]);
  }
}

const taken = (rows: readonly InstanceEntity[], key: 'slug' | 'directory'): string[] => rows.map((row) => row[key]);

function assertNameFree(rows: readonly InstanceEntity[], name: string, except: number): void {
  if (rows.some((row) => row.id !== except && row.name === name)) {
    throw new AppError('name_taken', `There is an instance named "${name}" already. Choose another name.`, {
      fields: [{ path: 'name', message: 'is taken' }],
    });
  }
}

/** Only what really differs: an edit that changes nothing asks for no restart. */
function changed(row: InstanceEntity, settings: Settings): Settings {
  const entries = Object.entries(settings).filter(([key, value]) => {
    const current = row[key as keyof InstanceEntity];
    return value !== undefined && (value === '' ? null : value) !== (current === '' ? null : current);
  });
  return Object.fromEntries(entries) as Settings;
}

function assertOwnSettings(row: InstanceEntity, changes: Settings): void {
  if (row.parent_instance_id === null) return;
  const foreign = parentSettings.filter((key) => key in changes);
  if (foreign.length > 0) {
    throw new AppError('wrong_state', `"${row.name}" takes ${foreign.join(', ')} from its parent. Change it there.`);
  }
}

/** Switching the mode keeps the public port. */
function movedPort(row: InstanceEntity, persistent: boolean): InstancePatch {
  return persistent ? { persistent_port: row.port, port: null } : { port: row.persistent_port, persistent_port: null };
}
