import { CdkConnectedOverlay, type ConnectedPosition } from '@angular/cdk/overlay';
import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  computed,
  inject,
  model,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { MatIconModule } from '@angular/material/icon';
import { instanceStatuses, type Instance } from '@aikore/contract';
import { BlueprintsStore, Connection, InstancesStore, PortsStore, SessionStore, Toasts } from '@aikore/web/data';
import { EmptyState, Pane, Picker, formatMoment, type PickerGroup } from '@aikore/web/ui';
import { DraftRow } from './draft-row';
import { contributeInstanceCommands } from './instance-commands';
import { InstanceEdits } from './instance-edits';
import { filterInstances, type StatusFilter } from './instance-filter';
import { InstanceRow, type PickRequest, type RowAction } from './instance-row';
import { blueprintGroups, portGroups, suggestedBlueprints } from './pick-groups';
import { RowActions } from './row-actions';
import { RowSight } from './row-sight';
import { StatusCard } from './status-card';

const below: ConnectedPosition[] = [
  { originX: 'start', originY: 'bottom', overlayX: 'start', overlayY: 'top', offsetY: 4 },
  { originX: 'start', originY: 'top', overlayX: 'start', overlayY: 'bottom', offsetY: -4 },
  { originX: 'end', originY: 'bottom', overlayX: 'end', overlayY: 'top', offsetY: 4 },
  { originX: 'end', originY: 'top', overlayX: 'end', overlayY: 'bottom', offsetY: -4 },
];

/** The pane with all instances: filter, table, draft row, saving. */
@Component({
  selector: 'ak-instances-panel',
  imports: [CdkConnectedOverlay, DraftRow, EmptyState, InstanceRow, MatIconModule, Pane, Picker, StatusCard],
  templateUrl: './instances-panel.html',
  styleUrl: './instances-panel.scss',
  providers: [InstanceEdits, RowActions, RowSight],
  host: { '(keydown)': 'press($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class InstancesPanel {
  readonly zoom = model.required<number>();
  readonly maximised = model(false);
  readonly showLogs = output<number>();

  protected readonly store = inject(InstancesStore);
  protected readonly edits = inject(InstanceEdits);
  protected readonly actions = inject(RowActions);
  protected readonly session = inject(SessionStore);
  private readonly connection = inject(Connection);
  private readonly blueprints = inject(BlueprintsStore);
  private readonly ports = inject(PortsStore);
  private readonly toasts = inject(Toasts);
  private readonly filterField = viewChild<ElementRef<HTMLInputElement>>('filterField');

  protected readonly positions = below;
  /** Since when what is shown may be old; empty while the connection is live, or nothing is shown yet. */
  protected readonly lost = computed(() => {
    if (this.connection.state() === 'live' || !this.store.loaded()) return '';
    return formatMoment(this.connection.since(), new Date());
  });
  protected readonly text = signal('');
  protected readonly status = signal<StatusFilter>('');
  /** The blueprint that a draft begins with; null: no draft. */
  protected readonly draft = signal<string | null>(null);
  protected readonly picking = signal<PickRequest | null>(null);
  private readonly explained = signal<{ id: number; origin: HTMLElement } | null>(null);

  protected readonly rows = computed(() =>
    filterInstances(this.store.instances(), this.text(), this.status(), (file) => this.blueprints.title(file)),
  );
  protected readonly counts = computed(() =>
    instanceStatuses
      .map((status) => ({ status, count: this.store.instances().filter((item) => item.status === status).length }))
      .filter(({ status, count }) => count > 0 || status === this.status()),
  );
  protected readonly suggestions = computed(() => suggestedBlueprints(this.blueprints.blueprints()));
  protected readonly groups = computed((): readonly PickerGroup<string | number | null>[] => {
    const request = this.picking();
    if (request?.kind === 'port') {
      return portGroups(this.ports.ports(), request.value as number | null, this.store.instances());
    }
    return blueprintGroups(this.blueprints.blueprints());
  });
  protected readonly explaining = computed(() => {
    const explained = this.explained();
    const instance = explained && this.store.find(explained.id);
    return instance ? { instance, origin: explained.origin } : null;
  });

  constructor() {
    contributeInstanceCommands((instance, action) => this.act(instance, action));
    void this.blueprints.load().catch((error: unknown) => this.toasts.error('The blueprints could not be read', error));
    void this.ports.load().catch((error: unknown) => this.toasts.error('The ports could not be read', error));
  }

  /** Begins a draft, or goes back to the one that is there. */
  add(blueprint = ''): void {
    if (this.session.isAdmin()) this.draft.set(this.draft() ?? blueprint);
  }

  focusFilter(): void {
    this.filterField()?.nativeElement.select();
  }

  protected filter(event: Event): void {
    this.text.set((event.target as HTMLInputElement).value);
  }

  protected filterStatus(event: Event): void {
    this.status.set((event.target as HTMLSelectElement).value as StatusFilter);
  }

  protected async act(instance: Instance, action: RowAction): Promise<void> {
    this.explained.set(null);
    if (action === 'logs') this.showLogs.emit(instance.id);
    else if (action === 'open') await this.actions.open(instance);
    else if (action === 'delete') await this.actions.remove(instance);
    else await this.actions.act(instance, action);
  }

  protected explain(instance: Instance, origin: HTMLElement): void {
    this.explained.set(this.explained()?.id === instance.id ? null : { id: instance.id, origin });
  }

  protected pick(request: PickRequest): void {
    this.picking.set(request);
    // Who holds which port may have changed since the last look.
    if (request.kind === 'port') void this.ports.load().catch(() => undefined);
    else void this.blueprints.load().catch(() => undefined);
  }

  protected picked(value: string | number | null): void {
    this.picking()?.apply(value);
    this.closePicker();
  }

  protected closePicker(): void {
    const origin = this.picking()?.origin;
    this.picking.set(null);
    origin?.focus();
  }

  protected closeCard(): void {
    this.explained()?.origin.focus();
    this.explained.set(null);
  }

  protected leaveCard(event: MouseEvent): void {
    // A click on the chip itself closes the card by its own handler.
    if (!this.explained()?.origin.contains(event.target as Node)) this.explained.set(null);
  }

  protected drafted(id: number | null): void {
    this.draft.set(null);
    if (id !== null) {
      this.text.set('');
      this.status.set('');
      void this.ports.load().catch(() => undefined);
    }
  }

  protected press(event: KeyboardEvent): void {
    if ((event.ctrlKey || event.metaKey) && event.key === 's') {
      event.preventDefault();
      void this.edits.save();
    }
  }
}
