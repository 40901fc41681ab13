import { CdkDropList } from '@angular/cdk/drag-drop';
import { CdkScrollable } from '@angular/cdk/scrolling';
import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  computed,
  inject,
  linkedSignal,
  model,
  signal,
  viewChild,
} from '@angular/core';
import { MatIconModule } from '@angular/material/icon';
import { instanceStatuses, routes, type Role } from '@aikore/contract';
import {
  BlueprintsStore,
  Connection,
  InstancesStore,
  PortsStore,
  SessionStore,
  Toasts,
  VersionsStore,
} from '@aikore/web/data';
import { EmptyState, Pane, formatMoment } from '@aikore/web/ui';
import { TableFacts } from './cells/table-facts';
import { Draft } from './edits/draft';
import { InstanceEdits, type Orphan } from './edits/instance-edits';
import { contributeInstanceCommands } from './instance-commands';
import { DraftRow } from './row/draft-row';
import { FamilyRows } from './row/family-rows';
import { RowSight } from './row/row-sight';
import { familiesOf, familyHeads, type Family } from './table/families';
import {
  filterInstances,
  isFiltering,
  noFilter,
  rowsToShow,
  type InstanceFilter,
  type StatusFilter,
} from './table/instance-filter';
import { suggestedBlueprints } from './table/pick-groups';
import { RowActions } from './table/row-actions';
import { RowOrder } from './table/row-order';
import { TableOverlays } from './table/table-overlays';
import { TablePopups } from './table/table-popups';

/** The pane with all instances: filter, table, draft row, saving. */
@Component({
  selector: 'ak-instances-panel',
  imports: [CdkDropList, CdkScrollable, DraftRow, EmptyState, FamilyRows, MatIconModule, Pane, TableOverlays],
  templateUrl: './instances-panel.html',
  styleUrls: ['./instances-panel.scss', './table/table-head.scss'],
  providers: [RowActions, RowOrder, RowSight, TableFacts, TablePopups],
  host: { '(keydown)': 'press($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class InstancesPanel {
  readonly zoom = model.required<number>();
  readonly maximised = model(false);

  protected readonly store = inject(InstancesStore);
  protected readonly edits = inject(InstanceEdits);
  protected readonly draft = inject(Draft);
  protected readonly facts = inject(TableFacts);
  protected readonly order = inject(RowOrder);
  private readonly session = inject(SessionStore);
  private readonly connection = inject(Connection);
  private readonly blueprints = inject(BlueprintsStore);
  private readonly ports = inject(PortsStore);
  private readonly filterField = viewChild<ElementRef<HTMLInputElement>>('filterField');

  /** Since when what is shown may be old; empty while the connection is live, or nothing is shown yet. */
  protected readonly lost = computed(() => {
    if (this.connection.state() === 'live' || !this.store.loaded()) return '';
    return formatMoment(this.connection.since(), new Date());
  });
  protected readonly creator = computed(() => this.session.may(routes.createInstance.access as Role));
  protected readonly filter = signal(noFilter);
  protected readonly filtering = computed(() => isFiltering(this.filter()));
  protected readonly found = computed(() =>
    filterInstances(this.store.instances(), this.filter(), (file) => this.blueprints.title(file)),
  );
  protected readonly rows = computed(() => rowsToShow(this.store.instances(), this.found(), this.edits.dirty()));
  protected readonly families = linkedSignal<ReturnType<typeof this.rows>, readonly Family[]>({
    source: this.rows,
    computation: (rows, before) => familiesOf(rows, before?.value),
  });
  /** The header is a row too, and so is the draft. */
  protected readonly rowCount = computed(() => 1 + this.rows().length + (this.draft.open() ? 1 : 0));
  protected readonly heads = computed(() => familyHeads(this.store.instances()));
  protected readonly counts = computed(() => {
    const byStatus = new Map<string, number>();
    for (const { status } of this.store.instances()) byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
    return instanceStatuses
      .map((status) => ({ status, count: byStatus.get(status) ?? 0 }))
      .filter(({ status, count }) => count > 0 || status === this.filter().status);
  });
  protected readonly suggestions = computed(() => suggestedBlueprints(this.blueprints.blueprints()));
  protected readonly lists = computed(() => {
    const { python_version, cuda_version, torch_version } = this.facts.choices();
    return [
      { id: 'ak-versions-python', values: python_version },
      { id: 'ak-versions-cuda', values: cuda_version },
      { id: 'ak-versions-torch', values: torch_version },
    ];
  });

  constructor() {
    const [actions, toasts, versions] = [inject(RowActions), inject(Toasts), inject(VersionsStore)];
    contributeInstanceCommands((instance, action) => actions.run(instance, action));
    void this.blueprints.load().catch((error: unknown) => toasts.error('The blueprints could not be read', error));
    void this.ports.load().catch((error: unknown) => toasts.error('The ports could not be read', error));
    // Only proposals: any version can be typed.
    void versions.load().catch(() => undefined);
  }

  /** Begins a draft, or goes back to the one that is there. */
  add(blueprint = ''): void {
    if (this.creator()) this.draft.begin(blueprint);
  }

  focusFilter(): void {
    this.filterField()?.nativeElement.select();
  }

  protected narrow(change: Partial<InstanceFilter>): void {
    this.filter.update((filter) => ({ ...filter, ...change }));
  }

  protected typed(event: Event): string {
    return (event.target as HTMLInputElement).value;
  }

  protected statusOf(event: Event): StatusFilter {
    return (event.target as HTMLSelectElement).value as StatusFilter;
  }

  protected familyOf(event: Event): number | null {
    return Number((event.target as HTMLSelectElement).value) || null;
  }

  protected clearFilter(): void {
    this.filter.set(noFilter);
    this.focusFilter();
  }

  /** What was changed on an instance that is gone goes into a new one. */
  protected rescue({ instance }: Orphan): void {
    this.draft.duplicate(instance, this.edits.of(instance.id)?.mine);
    this.edits.discard(instance.id);
  }

  protected drafted(id: number | null): void {
    this.draft.close();
    if (id !== null) {
      this.filter.set(noFilter);
      void this.ports.load().catch(() => undefined);
    }
  }

  protected press(event: KeyboardEvent): void {
    if ((event.ctrlKey || event.metaKey) && event.key === 's') {
      event.preventDefault();
      void this.edits.save();
    } else if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      const row = (event.target as HTMLElement).closest<HTMLElement>('[data-id]');
      if (!row || !this.session.may(routes.moveInstance.access as Role)) return;
      event.preventDefault();
      void this.order.step(this.families(), Number(row.dataset['id']), event.key === 'ArrowUp' ? -1 : 1);
    }
  }
}
