import { LiveAnnouncer } from '@angular/cdk/a11y';
import { Injectable, Injector, afterNextRender, inject } from '@angular/core';
import { InstancesStore, Toasts } from '@aikore/web/data';
import { beforeWhich, type Family } from './families';

/** Moves rows, with the pointer or by keyboard, and says where they went. */
@Injectable()
export class RowOrder {
  private readonly store = inject(InstancesStore);
  private readonly toasts = inject(Toasts);
  private readonly announcer = inject(LiveAnnouncer);
  private readonly injector = inject(Injector);

  /** A family was dropped. @param place index among the shown families */
  async dropFamily(shown: readonly Family[], from: number, place: number): Promise<void> {
    const moved = shown[from]?.head.id;
    if (moved === undefined || from === place) return;
    const ids = shown.map(({ head }) => head.id).filter((id) => id !== moved);
    await this.move(moved, beforeWhich(this.headIds(), ids, place, moved), place + 1, shown.length);
  }

  /** A satellite was dropped among its siblings. */
  async dropSatellite(family: Family, from: number, place: number): Promise<void> {
    const ids = family.satellites.map(({ id }) => id);
    const moved = ids[from];
    if (moved === undefined || from === place) return;
    const rest = ids.filter((id) => id !== moved);
    const all = this.store.instances().filter((item) => item.parent_instance_id === family.head.id);
    const siblings = all.map(({ id }) => id);
    const before = beforeWhich(siblings, rest, place, moved);
    await this.move(moved, before, place + 1, ids.length);
  }

  /** One step up (-1) or down among what is shown; the focus stays where it is. */
  async step(shown: readonly Family[], id: number, direction: 1 | -1): Promise<void> {
    const focused = document.activeElement;
    const at = shown.findIndex(({ head }) => head.id === id);
    const family = shown.find(({ satellites }) => satellites.some((item) => item.id === id));
    const from = family ? family.satellites.findIndex((item) => item.id === id) : at;
    const count = family ? family.satellites.length : shown.length;
    if (from < 0 || from + direction < 0 || from + direction >= count) return;
    const moved = family
      ? this.dropSatellite(family, from, from + direction)
      : this.dropFamily(shown, from, from + direction);
    // A row that is moved in the document loses the focus.
    afterNextRender(() => refocus(focused), { injector: this.injector });
    await moved;
  }

  private async move(id: number, before: number | null, place: number, count: number): Promise<void> {
    const name = this.store.find(id)?.name ?? '';
    try {
      const moved = this.store.move(id, before);
      void this.announcer.announce(`${name}: place ${place} of ${count}`);
      await moved;
    } catch (error) {
      this.toasts.error(`“${name}” was not moved`, error);
      void this.announcer.announce(`${name} was not moved`);
    }
  }

  private headIds(): number[] {
    const known = new Set(this.store.instances().map(({ id }) => id));
    const isHead = (parent: number | null): boolean => parent === null || !known.has(parent);
    return this.store
      .instances()
      .filter((item) => isHead(item.parent_instance_id))
      .map(({ id }) => id);
  }
}

function refocus(element: Element | null): void {
  if (!(element instanceof HTMLElement) || document.activeElement === element) return;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: 'nearest' });
}
