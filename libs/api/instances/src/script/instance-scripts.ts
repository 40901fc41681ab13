import { Injectable } from '@nestjs/common';
import { etagOf } from '@aikore/api/blueprints';
import { AppError, DomainEvents } from '@aikore/api/kernel';
import { type InstanceScript, runnableScript } from '@aikore/contract';
import type { InstanceEntity } from '@aikore/database';
import { isActive } from '@aikore/domain';
import { InstanceStore } from '../instance-store';
import { Provisioner } from '../supervisor/provisioner';
import { Supervisor } from '../supervisor/supervisor';
import { ScriptFile, type ScriptState } from './script-file';

/**
 * Reads and changes the scripts of instances. Changes go through the mailbox of the instance, so that no start copies
 * the blueprint at the same time. The header of a changed script counts from the next start on.
 */
@Injectable()
export class InstanceScripts {
  constructor(
    private readonly store: InstanceStore,
    private readonly supervisor: Supervisor,
    private readonly file: ScriptFile,
    private readonly provisioner: Provisioner,
    private readonly events: DomainEvents,
  ) {}

  /** @throws AppError `not_found`; StorageError with a sentence */
  async read(id: number): Promise<InstanceScript> {
    const row = await this.store.row(id);
    const home = row.parent_instance_id === null ? row : await this.store.row(row.parent_instance_id);
    return present(row, home, await this.file.read(home));
  }

  /**
   * Save what a person wrote. Line ends become those of Unix, and a byte order mark goes: bash stumbles over both.
   *
   * @param etag of the state that the edit was based on
   * @throws AppError `conflict` with the script as it is now, `forbidden` for a satellite, `wrong_state`; StorageError
   */
  save(id: number, content: string, etag: string): Promise<InstanceScript> {
    const text = runnableScript(content);
    return this.change(id, etag, async (row, now) => {
      if (now.damage !== null) throw new AppError('wrong_state', now.damage);
      if (now.exists && etagOf(text) === now.etag) return false;
      await this.file.write(row, text);
      return true;
    });
  }

  /** Put the blueprint's text back; the old script stays beside it. @throws as `save`, and `blueprint_unusable` */
  reset(id: number, etag: string): Promise<InstanceScript> {
    return this.change(id, etag, async (row, now) => {
      if (!now.exists || now.blueprint?.etag === now.etag) return false;
      await this.provisioner.replaceScript(row, row.base_blueprint);
      return true;
    });
  }

  /** @param write answers whether it changed anything */
  private async change(
    id: number,
    etag: string,
    write: (row: InstanceEntity, now: ScriptState) => Promise<boolean>,
  ): Promise<InstanceScript> {
    const { row, state, changed } = await this.supervisor.exclusively(id, async (current) => {
      await this.assertOwn(current);
      const now = await this.file.read(current);
      if (now.etag !== etag) throw conflict(current, now);
      const wrote = await write(current, now);
      return { row: current, state: wrote ? await this.file.read(current) : now, changed: wrote };
    });
    if (changed) await this.announce(id, state);
    return present(row, row, state);
  }

  private async assertOwn(row: InstanceEntity): Promise<void> {
    if (row.pending_delete) throw new AppError('wrong_state', `"${row.name}" is being deleted.`);
    if (row.parent_instance_id === null) return;
    const { name } = await this.store.row(row.parent_instance_id);
    throw new AppError('forbidden', `"${row.name}" runs the script of its parent "${name}". Change it there.`);
  }

  /** What runs has the old script until its next start; satellites run their parent's. */
  private async announce(id: number, { etag }: ScriptState): Promise<void> {
    this.events.emit('script.changed', { instanceId: id, etag });
    const family = [id, ...(await this.store.satellites(id)).map((satellite) => satellite.id)];
    for (const member of family) {
      await this.supervisor.exclusively(member, async (row) => {
        if (isActive(row.status) && !row.needs_restart) await this.store.patch(member, { needs_restart: true });
      });
    }
  }
}

function present(row: InstanceEntity, home: InstanceEntity, state: ScriptState): InstanceScript {
  const isOwn = row.id === home.id;
  const foreign = `"${row.name}" runs the script of its parent "${home.name}". It can be changed there.`;
  return {
    content: state.content,
    etag: state.etag,
    path: state.path,
    is_own: isOwn,
    owner: { id: home.id, name: home.name },
    exists: state.exists,
    read_only: isOwn ? state.damage : foreign,
    blueprint: { filename: home.base_blueprint, etag: state.blueprint?.etag ?? null },
  };
}

const conflict = (row: InstanceEntity, now: ScriptState): AppError =>
  new AppError(
    'conflict',
    `The script of "${row.name}" was changed by somebody else meanwhile. Compare both versions, then save again.`,
    { current: present(row, row, now) },
  );
