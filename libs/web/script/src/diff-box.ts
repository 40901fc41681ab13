import {
  CSP_NONCE,
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  computed,
  effect,
  inject,
  input,
  viewChild,
} from '@angular/core';
import { Preferences } from '@aikore/web/data';
import { mediaQuery } from '@aikore/web/ui';
import { loadEditor } from './load-editor';

/** Two scripts side by side, or one below the other where that is too narrow. */
@Component({
  selector: 'ak-script-diff',
  template: `
    @if (same()) {
      <p class="same">Both are the same.</p>
    }
    @if (!narrow()) {
      <div class="labels" aria-hidden="true">
        <span>{{ leftLabel() }}</span>
        <span>{{ rightLabel() }}</span>
      </div>
    }
    <div #box class="box" data-testid="script-diff"></div>
  `,
  styles: `
    :host {
      display: flex;
      flex: 1;
      flex-direction: column;
      min-height: 0;
      background: var(--ak-log);
    }
    .labels {
      display: flex;
      flex: none;
      border-bottom: 1px solid var(--ak-line);
      background: var(--mat-sys-surface-container);
      color: var(--ak-dim);
      font-size: 11.5px;
    }
    .labels span {
      flex: 1;
      padding: 3px 12px;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .same {
      margin: 0;
      padding: 6px 12px;
      color: var(--ak-dim);
    }
    .box {
      flex: 1;
      min-height: 0;
      overflow: auto;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DiffBox {
  readonly left = input.required<string>();
  readonly right = input.required<string>();
  readonly leftLabel = input.required<string>();
  readonly rightLabel = input.required<string>();

  private readonly nonce = inject(CSP_NONCE, { optional: true });
  private readonly theme = inject(Preferences).theme;
  private readonly box = viewChild.required<ElementRef<HTMLElement>>('box');
  protected readonly narrow = mediaQuery('(max-width: 699px)');
  protected readonly same = computed(() => this.left() === this.right());

  constructor() {
    let destroyed = false;
    inject(DestroyRef).onDestroy(() => (destroyed = true));
    effect((onCleanup) => {
      const options = {
        left: this.left(),
        right: this.right(),
        leftLabel: this.leftLabel(),
        rightLabel: this.rightLabel(),
        dark: this.theme() !== 'light',
        narrow: this.narrow(),
        nonce: this.nonce,
      };
      const box = this.box().nativeElement;
      let remove: (() => void) | null = null;
      let stale = false;
      void loadEditor().then(({ showDiff }) => {
        if (!stale && !destroyed) remove = showDiff(box, options);
      });
      onCleanup(() => {
        stale = true;
        remove?.();
      });
    });
  }
}
