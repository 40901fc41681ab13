import { Injectable, signal, type OnDestroy } from '@angular/core';
import type { RowField, RowValues } from '../edits/row-edit';

export type PickKind = 'blueprint' | 'port' | 'gpus';

/** A cell asks for a list beside itself. */
export interface PickRequest {
  readonly kind: PickKind;
  readonly origin: HTMLElement;
  readonly value: RowValues[RowField];
  /** What stood there before any change. */
  readonly base: RowValues[RowField];
  readonly apply: (value: RowValues[RowField]) => void;
}

/** Where a menu opens: at an element, or where the pointer is. */
export type MenuPlace = HTMLElement | { readonly x: number; readonly y: number };

/** Card of a status: opened by a click, or by resting on the chip (then it takes no focus). */
export interface Explained {
  readonly id: number;
  readonly origin: HTMLElement;
  readonly resting: boolean;
}

const restMs = 450;
const leaveMs = 250;

/** What is open beside the rows of a table: one thing of each kind at most. */
@Injectable()
export class TablePopups implements OnDestroy {
  readonly picking = signal<PickRequest | null>(null);
  readonly explained = signal<Explained | null>(null);
  readonly menu = signal<{ readonly id: number; readonly place: MenuPlace; readonly back: HTMLElement | null } | null>(
    null,
  );
  private timer: ReturnType<typeof setTimeout> | undefined;

  ngOnDestroy(): void {
    clearTimeout(this.timer);
  }

  pick(request: PickRequest): void {
    this.picking.set(request);
  }

  closePicker(): void {
    const origin = this.picking()?.origin;
    this.picking.set(null);
    origin?.focus();
  }

  openMenu(id: number, place: MenuPlace): void {
    this.explained.set(null);
    const focused = document.activeElement;
    this.menu.set({ id, place, back: focused instanceof HTMLElement ? focused : null });
  }

  closeMenu(refocus = true): void {
    const open = this.menu();
    this.menu.set(null);
    if (refocus) (open?.place instanceof HTMLElement ? open.place : open?.back)?.focus();
  }

  /** A click on a chip opens its card, and closes it again. */
  explain(id: number, origin: HTMLElement): void {
    clearTimeout(this.timer);
    const open = this.explained();
    this.explained.set(open?.id === id && !open.resting ? null : { id, origin, resting: false });
  }

  /** The pointer rests on a chip. */
  rest(id: number, origin: HTMLElement): void {
    clearTimeout(this.timer);
    if (this.explained()?.resting === false || this.picking() || this.menu()) return;
    this.timer = setTimeout(() => this.explained.set({ id, origin, resting: true }), restMs);
  }

  /** The pointer is on the card. */
  stay(): void {
    clearTimeout(this.timer);
  }

  /** The pointer went away, from the chip or its card. */
  leave(): void {
    clearTimeout(this.timer);
    if (this.explained()?.resting === false) return;
    this.timer = setTimeout(() => this.explained.set(null), leaveMs);
  }

  /** @param refocus back to the chip, when the card had the focus */
  closeCard(refocus = false): void {
    clearTimeout(this.timer);
    const open = this.explained();
    this.explained.set(null);
    if (refocus && open && !open.resting) open.origin.focus();
  }
}
