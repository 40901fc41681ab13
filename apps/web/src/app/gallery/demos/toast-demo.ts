import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { Toasts } from '@aikore/web/data';

@Component({
  selector: 'ak-toast-demo',
  template: `
    <button type="button" class="ak-tool" (click)="toasts.info('Copied', '12 lines are in the clipboard.')">
      Info
    </button>
    <button type="button" class="ak-tool" (click)="toasts.success('Saved')">Success</button>
    <button type="button" class="ak-tool" (click)="toasts.warning('Not live', 'What you see may be old.')">
      Warning
    </button>
    <button
      type="button"
      class="ak-tool"
      (click)="toasts.error('Not saved', 'The disk is full. Make room, then save again.')"
    >
      Error, stays
    </button>
    <button type="button" class="ak-tool" (click)="toasts.error('Not saved', long)">A long word</button>
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ToastDemo {
  protected readonly toasts = inject(Toasts);
  protected readonly long = `<b>${'x'.repeat(120)}</b> שלום 🎛️`;
}
