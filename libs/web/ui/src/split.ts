import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  computed,
  inject,
  input,
  model,
  viewChild,
} from '@angular/core';

const keySteps: Record<string, number> = { ArrowLeft: -0.02, ArrowUp: -0.02, ArrowRight: 0.02, ArrowDown: 0.02 };

/**
 * Two panes with a divider that is moved by pointer or keyboard; double click or Enter puts it back. Content goes into
 * the slots `first` and `second`. `only` shows one of them alone without destroying the other.
 */
@Component({
  selector: 'ak-split',
  template: `
    <div class="part" [class.gone]="only() === 'second'" [style.flex-grow]="only() ? 1 : share()">
      <ng-content select="[first]" />
    </div>
    <div
      #divider
      class="divider"
      role="separator"
      tabindex="0"
      [class.gone]="only() !== null"
      [attr.aria-label]="label()"
      [attr.aria-orientation]="direction() === 'columns' ? 'vertical' : 'horizontal'"
      [attr.aria-valuenow]="percent()"
      aria-valuemin="0"
      aria-valuemax="100"
      (pointerdown)="grab($event)"
      (pointermove)="drag($event)"
      (keydown)="press($event)"
      (dblclick)="ratio.set(initial())"
    ></div>
    <div class="part" [class.gone]="only() === 'first'" [style.flex-grow]="only() ? 1 : 1 - share()">
      <ng-content select="[second]" />
    </div>
  `,
  styleUrl: './split.scss',
  host: { '[class.columns]': "direction() === 'columns'" },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Split {
  readonly direction = input.required<'rows' | 'columns'>();
  /** The share of the first pane, 0 to 1. */
  readonly ratio = model.required<number>();
  readonly initial = input(0.5);
  readonly min = input(0.15);
  readonly only = input<'first' | 'second' | null>(null);
  readonly label = input.required<string>();

  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly divider = viewChild.required<ElementRef<HTMLElement>>('divider');
  protected readonly share = computed(() => this.clamp(this.ratio()));
  protected readonly percent = computed(() => Math.round(this.share() * 100));

  protected grab(event: PointerEvent): void {
    if (event.button === 0) this.divider().nativeElement.setPointerCapture(event.pointerId);
  }

  protected drag(event: PointerEvent): void {
    if (!this.divider().nativeElement.hasPointerCapture(event.pointerId)) return;
    const box = this.host.getBoundingClientRect();
    const share =
      this.direction() === 'columns' ? (event.clientX - box.left) / box.width : (event.clientY - box.top) / box.height;
    this.ratio.set(this.clamp(share));
  }

  protected press(event: KeyboardEvent): void {
    const step = keySteps[event.key];
    if (step !== undefined) this.ratio.set(this.clamp(this.ratio() + step));
    else if (event.key === 'Home') this.ratio.set(this.min());
    else if (event.key === 'End') this.ratio.set(1 - this.min());
    else if (event.key === 'Enter') this.ratio.set(this.initial());
    else return;
    event.preventDefault();
  }

  private clamp(share: number): number {
    return Math.min(1 - this.min(), Math.max(this.min(), share));
  }
}
