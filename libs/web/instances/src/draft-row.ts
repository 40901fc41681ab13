import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  afterNextRender,
  computed,
  inject,
  input,
  linkedSignal,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { MatIconModule } from '@angular/material/icon';
import { createInstance, plainWords, type CreateInstance, type RestartPolicy } from '@aikore/contract';
import { ApiError, BlueprintsStore, InstancesStore, Toasts, errorMessage, freeName } from '@aikore/web/data';
import { problemsOf, type RowProblems } from './instance-edits';
import { versionCells, type PickRequest } from './instance-row';
import { fieldNames, toWire, type RowField } from './row-edit';
import { noEnvironmentTip, persistentTip, policyOptions, policyTip } from './row-words';

type TextField = 'python_version' | 'cuda_version' | 'torch_version' | 'output_path' | 'gpu_ids';
const emptyTexts: Record<TextField, string> = {
  python_version: '',
  cuda_version: '',
  torch_version: '',
  output_path: '',
  gpu_ids: '',
};

/** The row at the bottom in which a new instance is written down. */
@Component({
  selector: 'ak-draft-row',
  imports: [MatIconModule],
  templateUrl: './draft-row.html',
  styleUrls: ['./row-cells.scss', './draft-row.scss'],
  host: { '(keydown)': 'press($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DraftRow {
  /** The blueprint to begin with; empty: to be chosen. */
  readonly blueprint = input('');
  readonly pick = output<PickRequest>();
  /** The new instance's id; null when it was given up. */
  readonly done = output<number | null>();

  private readonly store = inject(InstancesStore);
  private readonly blueprints = inject(BlueprintsStore);
  private readonly toasts = inject(Toasts);
  private readonly nameField = viewChild.required<ElementRef<HTMLInputElement>>('nameField');
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  protected readonly file = linkedSignal(this.blueprint);
  protected readonly title = computed(() => (this.file() ? this.blueprints.title(this.file()) : ''));
  private readonly source = computed(() => this.blueprints.find(this.file()));
  protected readonly category = computed(() => this.source()?.category ?? '');
  protected readonly environment = computed(() => this.source()?.venv_type !== 'none');
  protected readonly names = fieldNames;
  protected readonly versions = versionCells;
  protected readonly policies = policyOptions;
  protected readonly policyTip = policyTip;
  protected readonly persistentTip = persistentTip;
  protected readonly noEnvironment = noEnvironmentTip;
  private readonly proposed = computed(() => {
    const names = this.store.instances().map(({ name }) => name);
    return freeName(this.title() || 'New instance', names);
  });
  private readonly typed = signal<string | null>(null);
  protected readonly name = computed(() => this.typed() ?? this.proposed());
  protected readonly texts = signal(emptyTexts);
  protected readonly autostart = signal(false);
  protected readonly policy = signal<RestartPolicy>('never');
  /** As the blueprint has it, until a person says otherwise. */
  protected readonly persistent = linkedSignal(() => this.source()?.persistent_mode ?? false);
  protected readonly port = signal<number | null>(null);
  protected readonly problems = signal<RowProblems>({});
  protected readonly busy = signal(false);
  protected readonly ready = computed(() => this.name().trim() !== '' && this.file() !== '' && !this.busy());
  protected readonly problemText = computed(() =>
    Object.entries(this.problems()).map(([field, text]) => (field ? `${fieldNames[field as RowField]} ${text}` : text)),
  );

  constructor() {
    afterNextRender(() => {
      this.host.firstElementChild?.scrollIntoView({ block: 'nearest' });
      this.nameField().nativeElement.select();
    });
  }

  protected rename(event: Event): void {
    this.typed.set((event.target as HTMLInputElement).value);
  }

  protected type(field: TextField, event: Event): void {
    const { value } = event.target as HTMLInputElement;
    this.texts.update((texts) => ({ ...texts, [field]: value }));
  }

  protected toggle(event: Event): void {
    this.autostart.set((event.target as HTMLInputElement).checked);
  }

  protected choosePolicy(event: Event): void {
    this.policy.set((event.target as HTMLSelectElement).value as RestartPolicy);
  }

  protected togglePersistent(event: Event): void {
    this.persistent.set((event.target as HTMLInputElement).checked);
  }

  protected choose(kind: PickRequest['kind'], event: Event): void {
    this.pick.emit({
      kind,
      origin: event.currentTarget as HTMLElement,
      value: kind === 'port' ? this.port() : this.file(),
      apply: (value) => {
        if (kind === 'port') this.port.set(value as number | null);
        else this.file.set(String(value));
      },
    });
  }

  protected async create(): Promise<void> {
    if (!this.ready()) return;
    const body = this.body();
    const checked = createInstance.safeParse(body, { error: plainWords });
    this.problems.set(problemsOf(checked.error?.issues ?? []) ?? {});
    if (!checked.success) return;
    this.busy.set(true);
    try {
      const made = await this.store.create(body);
      this.toasts.success(`“${made.name}” was added`, 'Its folder is made at the first start.');
      this.done.emit(made.id);
    } catch (error) {
      const fields = error instanceof ApiError ? problemsOf(error.fields) : null;
      const taken = error instanceof ApiError && error.code === 'name_taken';
      this.problems.set(
        fields ?? (taken ? { name: `is not free: ${errorMessage(error)}` } : { '': errorMessage(error) }),
      );
      this.toasts.error('The instance was not added', error);
    } finally {
      this.busy.set(false);
    }
  }

  protected press(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.stopPropagation();
      this.done.emit(null);
    } else if (event.key === 'Enter' && event.target instanceof HTMLInputElement) void this.create();
  }

  private body(): CreateInstance {
    const texts = Object.entries(this.texts())
      .filter(([field, text]) => text.trim() !== '' && (this.environment() || !isVersion(field)))
      .map(([field, text]) => [field, toWire(field as RowField, text)]);
    return {
      name: this.name(),
      base_blueprint: this.file(),
      ...(Object.fromEntries(texts) as Partial<CreateInstance>),
      autostart: this.autostart(),
      restart_policy: this.policy(),
      persistent_mode: this.persistent(),
      port: this.port(),
    };
  }
}

const isVersion = (field: string): boolean => versionCells.some((cell) => cell.field === field);
