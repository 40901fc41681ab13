import { Injectable } from '@nestjs/common';
import type { CreateInstance, Instance, InstanceAction, UpdateInstance } from '@aikore/contract';
import { InstanceEditor } from './instance-editor';
import { InstanceRemover } from './instance-remover';
import { InstanceStore } from './instance-store';
import { InstanceWaiter } from './instance-waiter';
import { Supervisor } from './supervisor/supervisor';

/** The use cases of instances, each behind the mailbox of the instance it is about. */
@Injectable()
export class InstanceService {
  constructor(
    private readonly store: InstanceStore,
    private readonly editor: InstanceEditor,
    private readonly remover: InstanceRemover,
    private readonly supervisor: Supervisor,
    private readonly waiter: InstanceWaiter,
  ) {}

  async create(input: CreateInstance): Promise<Instance> {
    return this.store.view((await this.editor.create(input)).id);
  }

  async update(id: number, input: UpdateInstance): Promise<Instance> {
    await this.supervisor.exclusively(id, (row) => this.editor.update(row, input));
    return this.store.view(id);
  }

  async delete(id: number, mode: 'trash' | 'permanent', overwrite: boolean): Promise<void> {
    // Processes of a run that has just ended may still write into the folder.
    await this.supervisor.atRest(id, (row) => this.remover.remove(row, mode, overwrite));
    this.supervisor.forget(id);
  }

  /** @param options `wait`: answer only when that is reached, `timeout` in seconds */
  async act(
    id: number,
    action: InstanceAction,
    options: { wait?: 'started' | 'stopped'; timeout: number },
  ): Promise<Instance> {
    await this.supervisor.ask(id, action);
    return options.wait ? this.waiter.until(id, options.wait, options.timeout) : this.store.view(id);
  }
}
