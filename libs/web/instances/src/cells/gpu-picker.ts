import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  afterNextRender,
  computed,
  inject,
  input,
  linkedSignal,
  output,
} from '@angular/core';
import type { Instance } from '@aikore/contract';
import { gpusIn, gpuTip, toggleGpu } from './gpu-list';

/** Which GPUs an app sees: a box for each index that is known, and the text for any other. For an overlay. */
@Component({
  selector: 'ak-gpu-picker',
  template: `
    <div class="boxes" role="group" aria-label="GPUs">
      @for (index of shown(); track index) {
        <label [title]="tip(index)">
          <input
            type="checkbox"
            [attr.data-testid]="'gpu-box-' + index"
            [checked]="chosen().includes(index)"
            (change)="toggle(index)"
          />
          {{ index }}
        </label>
      }
    </div>
    <label class="text">
      Indexes
      <input
        data-testid="gpu-text"
        placeholder="all"
        inputmode="numeric"
        spellcheck="false"
        autocomplete="off"
        [value]="text()"
        (input)="type($event)"
        (keydown.enter)="closed.emit()"
      />
    </label>
    <p>Nothing chosen: the app sees every GPU. The first one is its cuda:0.</p>
  `,
  styleUrl: './gpu-picker.scss',
  host: { role: 'dialog', 'aria-label': 'GPUs', 'data-testid': 'gpu-picker', '(keydown.escape)': 'close($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class GpuPicker {
  readonly value = input.required<string>();
  /** What stood there before any change. */
  readonly base = input.required<string>();
  readonly known = input.required<readonly number[]>();
  readonly instances = input.required<readonly Instance[]>();
  readonly changed = output<string>();
  readonly closed = output();

  protected readonly text = linkedSignal(this.value);
  protected readonly chosen = computed(() => gpusIn(this.text()));
  protected readonly shown = computed(() =>
    [...new Set([...this.known(), ...gpusIn(this.base()), ...this.chosen()])].sort((a, b) => a - b),
  );

  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    afterNextRender(() => host.querySelector('input')?.focus());
  }

  protected tip(index: number): string {
    return gpuTip(index, this.instances());
  }

  protected toggle(index: number): void {
    this.put(toggleGpu(this.text(), index, this.base()));
  }

  protected type(event: Event): void {
    this.put((event.target as HTMLInputElement).value);
  }

  protected close(event: Event): void {
    event.stopPropagation();
    this.closed.emit();
  }

  private put(text: string): void {
    this.text.set(text);
    this.changed.emit(text);
  }
}
