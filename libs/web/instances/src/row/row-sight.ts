import { Injectable, type OnDestroy } from '@angular/core';

/** Rows this far out of sight are filled already, in px. */
const margin = 500;

/**
 * Tells rows whether they are near what is in sight: others stay empty boxes, so that a table of 500 rows costs as much
 * as one of thirty. One observer for all rows of a table.
 */
@Injectable()
export class RowSight implements OnDestroy {
  private observer: IntersectionObserver | null = null;
  private readonly rows = new Map<Element, (near: boolean) => void>();

  /** Calls `tell` at once and at every change, until the answer is called. */
  watch(row: Element, tell: (near: boolean) => void): () => void {
    this.observer ??= this.observe(row.closest('[role=table]'));
    this.rows.set(row, tell);
    this.observer.observe(row);
    return () => {
      this.rows.delete(row);
      this.observer?.unobserve(row);
    };
  }

  ngOnDestroy(): void {
    this.observer?.disconnect();
  }

  private observe(root: Element | null): IntersectionObserver {
    return new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) this.rows.get(target)?.(isIntersecting);
      },
      { root, rootMargin: `${margin}px 0px` },
    );
  }
}
