import { CdkConnectedOverlay, type ConnectedPosition } from '@angular/cdk/overlay';
import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import type { Instance } from '@aikore/contract';
import { BlueprintsStore, InstancesStore, PortsStore } from '@aikore/web/data';
import { Picker, type PickerGroup } from '@aikore/web/ui';
import { GpuPicker } from '../cells/gpu-picker';
import { TableFacts } from '../cells/table-facts';
import { StatusCard } from '../status/status-card';
import { blueprintGroups, portGroups } from './pick-groups';
import { RowActions, type RowAction } from './row-actions';
import { RowMenu } from './row-menu';
import { TablePopups } from './table-popups';

const below: ConnectedPosition[] = [
  { originX: 'start', originY: 'bottom', overlayX: 'start', overlayY: 'top', offsetY: 4 },
  { originX: 'start', originY: 'top', overlayX: 'start', overlayY: 'bottom', offsetY: -4 },
  { originX: 'end', originY: 'bottom', overlayX: 'end', overlayY: 'top', offsetY: 4 },
  { originX: 'end', originY: 'top', overlayX: 'end', overlayY: 'bottom', offsetY: -4 },
];
const widths = { blueprint: 340, port: 190, gpus: 230 } as const;

/** The lists, cards and menus that open beside the rows. */
@Component({
  selector: 'ak-table-overlays',
  imports: [CdkConnectedOverlay, GpuPicker, Picker, RowMenu, StatusCard],
  templateUrl: './table-overlays.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TableOverlays {
  protected readonly popups = inject(TablePopups);
  protected readonly facts = inject(TableFacts);
  protected readonly store = inject(InstancesStore);
  private readonly actions = inject(RowActions);
  private readonly blueprints = inject(BlueprintsStore);
  private readonly ports = inject(PortsStore);

  protected readonly positions = below;
  protected readonly widths = widths;
  protected readonly groups = computed((): readonly PickerGroup<string | number | null>[] => {
    const request = this.popups.picking();
    if (request?.kind === 'port') {
      return portGroups(this.ports.ports(), request.value as number | null, this.store.instances());
    }
    return blueprintGroups(this.blueprints.blueprints());
  });
  protected readonly explained = computed(() => {
    const open = this.popups.explained();
    const instance = open && this.store.find(open.id);
    return instance ? { ...open, instance } : null;
  });
  protected readonly menu = computed(() => {
    const open = this.popups.menu();
    const instance = open && this.store.find(open.id);
    return instance ? { ...open, instance } : null;
  });

  protected picked(value: string | number | null): void {
    this.popups.picking()?.apply(value);
    this.popups.closePicker();
  }

  protected act(instance: Instance, action: RowAction): void {
    this.popups.closeCard();
    void this.actions.run(instance, action);
  }

  /** A click on the chip itself closes the card by its own handler. */
  protected leaveCard(event: MouseEvent): void {
    if (!this.popups.explained()?.origin.contains(event.target as Node)) this.popups.closeCard();
  }
}
