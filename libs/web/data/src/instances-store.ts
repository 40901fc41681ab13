import { Injectable, computed, inject, signal } from '@angular/core';
import {
  inDisplayOrder,
  routes,
  sockets,
  type CreateInstance,
  type Instance,
  type InstanceAction,
  type LaunchChanges,
  type Run,
  type RouteResult,
  type UpdateInstance,
} from '@aikore/contract';
import { ApiClient } from './api-client';
import { Connection } from './connection';
import { idsAfterMove, reorder, upsertInstance } from './instance-list';
import { keepJoined } from './keep-joined';

const { requests, messages } = sockets.instances;

/** All instances, live: a snapshot at every (re)connect, then each change as it happens. Nothing polls. */
@Injectable({ providedIn: 'root' })
export class InstancesStore {
  private readonly api = inject(ApiClient);
  private readonly channel = inject(Connection).channel(sockets.instances.namespace);
  private readonly list = signal<readonly Instance[]>([]);
  private readonly joined = signal(false);
  private readonly live = signal(false);

  /** In display order. */
  readonly instances = this.list.asReadonly();
  /** False until the first snapshot is there. */
  readonly loaded = this.joined.asReadonly();
  /** The list is as it is right now: joined over the present connection. */
  readonly current = this.live.asReadonly();
  private readonly byId = computed(() => new Map(this.list().map((item) => [item.id, item])));

  constructor() {
    this.channel.on(messages.changed, (changed) => this.list.update((list) => upsertInstance(list, changed)));
    this.channel.on(messages.removed, ({ id }) => this.list.update((list) => list.filter((item) => item.id !== id)));
    this.channel.on(messages.ordered, ({ ids }) => this.list.update((list) => reorder(list, ids)));
    this.channel.onDisconnect(() => this.live.set(false));
    keepJoined(this.channel, () => this.join());
  }

  find(id: number): Instance | undefined {
    return this.byId().get(id);
  }

  /** Creates an instance. @throws ApiError such as `name_taken`, `validation_failed`. */
  async create(body: CreateInstance): Promise<Instance> {
    return this.adopt(await this.api.call(routes.createInstance, { body }));
  }

  /** Saves settings. @throws ApiError such as `stale_revision` (somebody else saved first). */
  async update(id: number, body: UpdateInstance): Promise<Instance> {
    return this.adopt(await this.api.call(routes.updateInstance, { params: { id }, body }));
  }

  /** Reads one instance as it is now, for a conflict. */
  async reload(id: number): Promise<Instance> {
    return this.adopt(await this.api.call(routes.getInstance, { params: { id } }));
  }

  /** @throws ApiError such as `trash_conflict` (the name is in the trash: ask, then `overwrite`). */
  async remove(id: number, mode: 'trash' | 'permanent', overwrite = false): Promise<void> {
    const flag = overwrite ? 'true' : 'false';
    await this.api.call(routes.deleteInstance, { params: { id }, query: { mode, overwrite: flag } });
    this.list.update((list) => list.filter((item) => item.id !== id));
  }

  /** Asks for a lifecycle action; what becomes of it arrives live. */
  async act(id: number, action: InstanceAction): Promise<void> {
    await this.api.call(routes.actOnInstance, { params: { id, action } });
  }

  /**
   * Puts an instance, with its satellites, before another one; shown at once, and taken back when it is refused.
   *
   * @param before null: to the end, of the list or of the family
   * @throws ApiError
   */
  async move(id: number, before: number | null): Promise<void> {
    const ids = this.list().map((item) => item.id);
    this.list.update((list) => reorder(list, idsAfterMove(list, id, before)));
    try {
      await this.api.call(routes.moveInstance, { body: { id, before } });
    } catch (error) {
      this.list.update((list) => reorder(list, ids));
      throw error;
    }
  }

  /** What the last run was started with that the last good start was not. @throws ApiError */
  changes(id: number): Promise<LaunchChanges> {
    return this.api.call(routes.listChanges, { params: { id } });
  }

  /** Newest first. @throws ApiError */
  runs(id: number): Promise<readonly Run[]> {
    return this.api.call(routes.listRuns, { params: { id } });
  }

  /** A single-use address (30 s) that lets this browser into the app. */
  async open(id: number): Promise<string> {
    return (await this.api.call(routes.openInstance, { params: { id }, body: {} })).url;
  }

  /** The same for a frame of this page, and whether the app lets itself be framed. */
  openFramed(id: number): Promise<RouteResult<typeof routes.openInstance>> {
    return this.api.call(routes.openInstance, { params: { id }, body: { embed: true } });
  }

  private async join(): Promise<void> {
    const { instances } = await this.channel.request(requests.join, {});
    this.list.set(inDisplayOrder(instances));
    this.joined.set(true);
    this.live.set(true);
  }

  /** Takes an answer in, unless a live message already brought something newer. */
  private adopt(answer: Instance): Instance {
    const known = this.find(answer.id);
    if (!known || answer.revision > known.revision) this.list.update((list) => upsertInstance(list, answer));
    return answer;
  }
}
