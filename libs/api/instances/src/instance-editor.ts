import { Injectable } from '@nestjs/common';
import { BlueprintCatalogue } from '@aikore/api/blueprints';
import { AppError, Mailbox } from '@aikore/api/kernel';
import { leaseOf, PortAllocator, publicPort } from '@aikore/api/ports';
import { type CreateInstance, type UpdateInstance, waitsForStart } from '@aikore/contract';
import type { InstanceEntity } from '@aikore/database';
import { deriveDirectory, deriveSlug, isActive, maxSlugLength, uniqueName } from '@aikore/domain';
import { type InstancePatch, InstanceStore } from './instance-store';
import { Provisioner } from './supervisor/provisioner';

type Settings = Omit<UpdateInstance, 'revision'>;

/** What a satellite takes from its parent. */
const parentSettings = ['base_blueprint', 'output_path', 'python_version', 'cuda_version', 'torch_version'] as const;

/** Creates instances and changes their settings. Checks everything first, then writes once. */
@Injectable()
export class InstanceEditor {
  /** Names, slugs and folders are unique: one check-and-write at a time. */
  private readonly turns = new Mailbox<'names'>();

  constructor(
    private readonly store: InstanceStore,
    private readonly ports: PortAllocator,
    private readonly blueprints: BlueprintCatalogue,
    private readonly provisioner: Provisioner,
  ) {}

  /** @throws AppError `name_taken`, `blueprint_unusable`, `port_taken`, `validation_failed` */
  create(input: CreateInstance): Promise<InstanceEntity> {
    return this.turns.post('names', async () => {
      const rows = await this.store.rows();
      assertNameFree(rows, input.name, 0);
      const { port = null, ...settings } = input;
      const { header } = await this.blueprints.resolve(input.base_blueprint);
      if (input.output_path) await this.provisioner.checkOutputPath(input.output_path);
      const row: Partial<InstanceEntity> = {
        persistent_mode: header.persistent_mode,
        ...settings,
        slug: uniqueName(deriveSlug(input.name), taken(rows, 'slug'), maxSlugLength),
        directory: uniqueName(deriveDirectory(input.name), [
          ...taken(rows, 'directory'),
          ...(await this.provisioner.foldersOnDisk()),
        ]),
        position: Math.max(0, ...rows.map(({ position }) => position)) + 1,
      };
      assertHostname(row, rows);
      if (port === null) return this.withPort(await this.store.insert(row));
      const lease = leaseOf({ persistent_mode: row.persistent_mode ?? false }, port);
      return this.ports.choosePublicPort(port, 0, () => this.store.insert({ ...row, ...lease }));
    });
  }

  /**
   * Change settings. The caller holds the instance's mailbox.
   *
   * @throws AppError as `create`, `stale_revision`, and `wrong_state` for what a satellite takes from its parent
   */
  async update(row: InstanceEntity, input: UpdateInstance): Promise<InstanceEntity> {
    const { revision, port, ...settings } = input;
    if (row.pending_delete) throw new AppError('wrong_state', `"${row.name}" is being deleted.`);
    if (revision !== undefined && revision !== row.revision) {
      throw new AppError(
        'stale_revision',
        `"${row.name}" was changed by somebody else meanwhile. Look at the new values, then save again.`,
      );
    }
    const changes = changed(row, settings);
    const newPort = port !== undefined && port !== publicPort(row) ? port : undefined;
    if (Object.keys(changes).length === 0 && newPort === undefined) return row;
    assertOwnSettings(row, changes);
    await this.check(changes);
    return this.turns.post('names', async () => this.write(row, await this.patchFor(row, changes), newPort));
  }

  private async check({ base_blueprint, output_path }: Settings): Promise<void> {
    if (base_blueprint) await this.blueprints.resolve(base_blueprint);
    if (output_path) await this.provisioner.checkOutputPath(output_path);
  }

  private async patchFor(row: InstanceEntity, changes: Settings): Promise<InstancePatch> {
    const patch: InstancePatch = { ...changes, revision: row.revision + 1 };
    const others = (await this.store.rows()).filter(({ id }) => id !== row.id);
    if (changes.name !== undefined) {
      assertNameFree(others, changes.name, row.id);
      const slug = uniqueName(deriveSlug(changes.name), taken(others, 'slug'), maxSlugLength);
      if (slug !== row.slug) patch.slug = slug;
    }
    const mode = changes.persistent_mode ?? row.persistent_mode;
    if (mode !== row.persistent_mode) Object.assign(patch, movedPort(row, mode));
    if ('hostname' in changes || 'use_custom_hostname' in changes) assertHostname({ ...row, ...patch }, others);
    if (isActive(row.status) && waitsForStart(Object.keys(patch))) patch.needs_restart = true;
    return patch;
  }

  /** @param port the wished one, null for any, undefined for no change */
  private async write(
    row: InstanceEntity,
    patch: InstancePatch,
    port: number | null | undefined,
  ): Promise<InstanceEntity> {
    const save = async (lease: Partial<InstanceEntity> = {}): Promise<InstanceEntity> => {
      const undo = patch.base_blueprint ? await this.provisioner.replaceScript(row, patch.base_blueprint) : null;
      try {
        return await this.store.patch(row.id, { ...patch, ...lease });
      } catch (error) {
        await undo?.();
        throw error;
      }
    };
    if (port == null) return port === null ? this.withPort(await save()) : save();
    const lease = leaseOf({ ...row, ...patch } as InstanceEntity, port);
    return this.ports.choosePublicPort(port, row.id, () => save(lease));
  }

  /** An address at once where the pool allows it; else the first start says that the pool is used up. */
  private async withPort(row: InstanceEntity): Promise<InstanceEntity> {
    let leased = row;
    try {
      await this.ports.ensurePublicPort(row, async (lease) => (leased = await this.store.patch(row.id, lease)));
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'no_free_port') throw error;
    }
    return leased;
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
    return value !== undefined && value !== (current === '' ? null : current);
  });
  return Object.fromEntries(entries) as Settings;
}

/** A custom address needs a name, and leads to one instance. */
function assertHostname(
  { hostname, use_custom_hostname }: Partial<InstanceEntity>,
  others: readonly InstanceEntity[],
): void {
  if (!use_custom_hostname) return;
  const fault = (message: string, hint: string): AppError =>
    new AppError('validation_failed', `hostname: ${message}`, { fields: [{ path: 'hostname', message: hint }] });
  if (!hostname) throw fault('Give a host name to be reached at, or switch the custom address off.', 'is needed');
  const owner = others.find((other) => other.use_custom_hostname && other.hostname === hostname);
  if (owner) throw fault(`"${owner.name}" is reached at ${hostname} already. Choose another name.`, 'is taken');
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
