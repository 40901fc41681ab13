import { Injectable, computed, effect, inject, signal } from '@angular/core';
import { outputPath, type CreateInstance, type Instance } from '@aikore/contract';
import { BlueprintsStore, InstancesStore, SessionStore, freeName } from '@aikore/web/data';
import { toWire, valuesOf, type RowField, type RowValues } from './row-edit';

/** A name as a folder below the outputs; empty where it cannot be one, and then the server finds one. */
export function mirroredPath(name: string): string {
  const path = name
    .normalize('NFC')
    .trim()
    .replace(/[/\\]+/g, '-');
  return outputPath.safeParse(path).success ? path : '';
}

const empty: RowValues = {
  name: '',
  base_blueprint: '',
  python_version: '',
  cuda_version: '',
  torch_version: '',
  output_path: '',
  gpu_ids: '',
  autostart: false,
  restart_policy: 'never',
  persistent_mode: false,
  use_custom_hostname: false,
  hostname: '',
  port: null,
};

/** The instance that is being written down, if any. It outlives the table: a session that ends loses nothing typed. */
@Injectable({ providedIn: 'root' })
export class Draft {
  private readonly store = inject(InstancesStore);
  private readonly blueprints = inject(BlueprintsStore);
  private readonly session = inject(SessionStore);
  private readonly typed = signal<Partial<RowValues> | null>(null);
  private owner: string | undefined;

  readonly open = computed(() => this.typed() !== null);
  private readonly source = computed(() => this.blueprints.find(this.typed()?.base_blueprint ?? ''));
  private readonly proposed = computed(() => {
    const file = this.typed()?.base_blueprint;
    const names = this.store.instances().map(({ name }) => name);
    return freeName(file ? this.blueprints.title(file) : 'New instance', names);
  });
  /** What stands there as long as nobody typed anything else: the output path follows the name. */
  readonly defaults = computed<RowValues>(() => {
    const name = this.typed()?.name ?? this.proposed();
    return {
      ...empty,
      name: this.proposed(),
      output_path: mirroredPath(name),
      persistent_mode: this.source()?.persistent_mode ?? false,
    };
  });
  readonly values = computed<RowValues>(() => ({ ...this.defaults(), ...this.typed() }));

  constructor() {
    effect(() => {
      const name = this.session.me()?.username;
      if (name === undefined) return;
      if (this.owner !== undefined && this.owner !== name) this.close();
      this.owner = name;
    });
  }

  /** Begins with a blueprint; empty: to be chosen. Goes back to the draft that is there, if any. */
  begin(blueprint = ''): void {
    if (!this.open() || blueprint !== '')
      this.typed.set({ ...this.typed(), ...(blueprint && { base_blueprint: blueprint }) });
  }

  /** Begins with the settings of another instance, without what only one can have: name, port, address. */
  duplicate(instance: Instance, more: Partial<RowValues> = {}): void {
    const {
      name,
      port: _port,
      hostname: _hostname,
      use_custom_hostname: _custom,
      ...rest
    } = {
      ...valuesOf(instance),
      ...more,
    };
    const { output_path: path, ...settings } = rest;
    const names = this.store.instances().map((item) => item.name);
    this.typed.set({ ...settings, name: freeName(name, names), ...(path ? { output_path: path } : {}) });
  }

  change<F extends RowField>(field: F, value: RowValues[F]): void {
    this.typed.set({ ...this.typed(), [field]: value });
  }

  /** Back to what is proposed. */
  revert(field: RowField): void {
    const { [field]: _typed, ...rest } = this.typed() ?? {};
    this.typed.set(rest);
  }

  close(): void {
    this.typed.set(null);
  }

  /** As the server wants it: only what is set. */
  body(): CreateInstance {
    const values = this.values();
    const environment = this.source()?.venv_type !== 'none';
    const fields = (Object.keys(values) as RowField[]).filter((field) => environment || !field.endsWith('_version'));
    const set = fields
      .map((field) => [field, toWire(field, values[field])] as const)
      .filter(([, value]) => value !== null);
    return Object.fromEntries(set) as unknown as CreateInstance;
  }
}
