import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  afterRenderEffect,
  inject,
  input,
  output,
} from '@angular/core';
import { MatIconModule } from '@angular/material/icon';

/** A message as the outlet shows it. */
export interface ToastView {
  readonly id: number;
  readonly level: 'info' | 'success' | 'warning' | 'error';
  readonly title: string;
  readonly message: string;
}

const icons = { info: 'info', success: 'check', warning: 'warning', error: 'warning' } as const;

/** Messages in the corner; screen readers hear errors at once. */
@Component({
  selector: 'ak-toast-outlet',
  imports: [MatIconModule],
  template: `
    @if (toasts().length > 1) {
      <button type="button" class="all" (click)="dismissAll.emit()">Close all ({{ toasts().length }})</button>
    }
    @for (toast of toasts(); track toast.id) {
      <div
        class="toast"
        data-testid="toast"
        [attr.data-level]="toast.level"
        [attr.role]="toast.level === 'error' ? 'alert' : 'status'"
      >
        <mat-icon [svgIcon]="icons[toast.level]" aria-hidden="true" />
        <div class="text">
          <strong>{{ toast.title }}</strong>
          @if (toast.message) {
            <span>{{ toast.message }}</span>
          }
        </div>
        <button type="button" class="ak-tool" aria-label="Close message" (click)="dismiss.emit(toast.id)">
          <mat-icon svgIcon="close" />
        </button>
      </div>
    }
  `,
  styleUrl: './toast-outlet.scss',
  host: { 'data-testid': 'toasts', popover: 'manual' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ToastOutlet {
  readonly toasts = input.required<readonly ToastView[]>();
  readonly dismiss = output<number>();
  readonly dismissAll = output();
  protected readonly icons = icons;

  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private open = false;

  constructor() {
    afterRenderEffect(() => {
      this.toasts();
      this.raise();
    });
  }

  /** Dialogs live in the browser's top layer, where the last one shown stands above the others: become the last. */
  raise(): void {
    if (this.open) this.host.hidePopover();
    this.open = this.toasts().length > 0;
    if (this.open) this.host.showPopover();
  }
}
