import { computed, signal, type Provider } from '@angular/core';
import type { Blueprint, CreateInstance, Instance, UpdateInstance } from '@aikore/contract';
import {
  BlueprintsStore,
  Connection,
  InstancesStore,
  PortsStore,
  SessionStore,
  Tools,
  VersionsStore,
} from '@aikore/web/data';

/** An instance that is stopped and may be edited. */
export const instanceOf = (id: number, name: string, more: Partial<Instance> = {}): Instance =>
  ({
    id,
    name,
    position: id,
    parent_instance_id: null,
    base_blueprint: 'App.sh',
    status: 'stopped',
    status_reason: null,
    status_since: '2026-01-01T00:00:00.000Z',
    progress: null,
    run: null,
    gpu_ids: null,
    port: 19000 + id,
    persistent_mode: false,
    persistent_port: null,
    output_path: null,
    hostname: null,
    use_custom_hostname: false,
    autostart: false,
    restart_policy: 'never',
    python_version: null,
    cuda_version: null,
    torch_version: null,
    slug: name,
    directory: name,
    path: `/instance/${name}/`,
    needs_restart: false,
    exposed: [],
    restarts: 0,
    revision: 1,
    allowedActions: ['start', 'edit', 'delete'],
    ...more,
  }) as Instance;

const app = {
  filename: 'App.sh',
  name: 'App',
  category: 'Tools',
  description: '',
  source: 'stock',
  venv_type: 'python',
  persistent_mode: false,
  problem: null,
  usable: true,
} as Blueprint;

/** Stands in for the server: keeps instances, and what was asked of it. */
export class FakeInstances {
  readonly instances = signal<readonly Instance[]>([]);
  readonly loaded = signal(true);
  readonly current = signal(true);
  readonly asked: unknown[] = [];
  /** Thrown by the next request. */
  refusal: Error | null = null;

  find(id: number): Instance | undefined {
    return this.instances().find((item) => item.id === id);
  }

  put(...instances: readonly Instance[]): void {
    const ids = new Set(instances.map(({ id }) => id));
    this.instances.update((all) =>
      [...all.filter(({ id }) => !ids.has(id)), ...instances].sort((a, b) => a.position - b.position),
    );
  }

  async update(id: number, { revision: _revision, ...patch }: UpdateInstance): Promise<void> {
    this.ask({ update: id, ...patch });
    const before = this.find(id);
    if (before) this.put({ ...before, ...patch, revision: before.revision + 1 });
  }

  async create(body: CreateInstance): Promise<Instance> {
    this.ask({ create: body });
    const made = instanceOf(Math.max(0, ...this.instances().map(({ id }) => id)) + 1, body.name);
    this.put(made);
    return made;
  }

  async move(id: number, before: number | null): Promise<void> {
    this.ask({ move: id, before });
  }

  private ask(what: unknown): void {
    const { refusal } = this;
    this.refusal = null;
    if (refusal) throw refusal;
    this.asked.push(what);
  }
}

/** Everything that the table takes from elsewhere. */
export function fakeParts(store: FakeInstances, role: 'viewer' | 'operator' | 'admin' = 'admin'): Provider[] {
  const roles = ['viewer', 'operator', 'admin'];
  const may = (needed: string): boolean => roles.indexOf(role) >= roles.indexOf(needed);
  const load = (): Promise<void> => Promise.resolve();
  const blueprints = {
    blueprints: signal([app]),
    load,
    find: (file: string) => (file === app.filename ? app : undefined),
    title: (file: string) => file.replace(/\.sh$/, ''),
  };
  return [
    { provide: InstancesStore, useValue: store },
    { provide: BlueprintsStore, useValue: blueprints },
    { provide: PortsStore, useValue: { ports: signal([]), load } },
    { provide: VersionsStore, useValue: { versions: signal({ python: [], cuda: [], torch: ['2.10.0'] }), load } },
    {
      provide: SessionStore,
      useValue: { me: signal({ username: role, role }), may, isAdmin: computed(() => may('admin')) },
    },
    { provide: Connection, useValue: { state: signal('live'), since: signal(0) } },
    { provide: Tools, useValue: { available: signal([]), has: () => false, open: () => undefined } },
  ];
}
