import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  afterNextRender,
  computed,
  input,
  linkedSignal,
  output,
  viewChild,
} from '@angular/core';
import { MatIconModule } from '@angular/material/icon';

export interface PickerOption<T> {
  readonly value: T;
  readonly label: string;
  /** Shown at the right. */
  readonly side?: string;
  /** Shown below. */
  readonly text?: string;
  readonly disabled?: boolean;
}
export interface PickerGroup<T> {
  readonly label: string;
  readonly options: readonly PickerOption<T>[];
}

/** A list to choose from, in groups, with search: for an overlay beside what is edited. */
@Component({
  selector: 'ak-picker',
  imports: [MatIconModule],
  templateUrl: './picker.html',
  styleUrl: './picker.scss',
  host: { '(keydown)': 'press($event)', 'data-testid': 'picker' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Picker<T> {
  readonly groups = input.required<readonly PickerGroup<T>[]>();
  readonly value = input<T>();
  readonly label = input.required<string>();
  readonly searchable = input(false);
  readonly picked = output<T>();
  readonly closed = output();

  private readonly field = viewChild.required<ElementRef<HTMLElement>>('field');
  private readonly list = viewChild.required<ElementRef<HTMLElement>>('list');
  protected readonly query = linkedSignal<unknown, string>({ source: this.label, computation: () => '' });
  protected readonly shown = computed(() => {
    const words = this.query().toLocaleLowerCase().split(/\s+/);
    const fits = ({ label, side = '', text = '' }: PickerOption<T>) => {
      const all = `${label} ${side} ${text}`.toLocaleLowerCase();
      return words.every((word) => all.includes(word));
    };
    // What is called so comes before what only mentions it.
    const named = ({ label }: PickerOption<T>) => words.every((word) => label.toLocaleLowerCase().includes(word));
    const fitting = (options: readonly PickerOption<T>[]) => {
      const found = options.filter(fits);
      return [...found.filter(named), ...found.filter((option) => !named(option))];
    };
    let index = 0;
    return this.groups()
      .map((group) => ({ label: group.label, options: fitting(group.options) }))
      .filter(({ options }) => options.length > 0)
      .map((group) => ({ ...group, options: group.options.map((option) => ({ option, index: index++ })) }));
  });
  private readonly flat = computed(() => this.shown().flatMap(({ options }) => options.map(({ option }) => option)));
  protected readonly active = linkedSignal(() => {
    const current = this.flat().findIndex((option) => option.value === this.value());
    return current >= 0 ? current : this.flat().findIndex((option) => !option.disabled);
  });

  constructor() {
    afterNextRender(() => {
      this.field().nativeElement.focus();
      this.reveal();
    });
  }

  protected type(event: Event): void {
    this.query.set((event.target as HTMLInputElement).value);
  }

  protected take(option: PickerOption<T> | undefined): void {
    if (option && !option.disabled) this.picked.emit(option.value);
  }

  protected press(event: KeyboardEvent): void {
    if (event.key === 'ArrowDown') this.move(1);
    else if (event.key === 'ArrowUp') this.move(-1);
    else if (event.key === 'Enter') this.take(this.flat()[this.active()]);
    else if (event.key === 'Escape' || event.key === 'Tab') this.closed.emit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private move(step: 1 | -1): void {
    const options = this.flat();
    let next = this.active();
    do next += step;
    while (options[next]?.disabled);
    if (!options[next]) return;
    this.active.set(next);
    setTimeout(() => this.reveal());
  }

  private reveal(): void {
    this.list().nativeElement.querySelector('.active')?.scrollIntoView({ block: 'nearest' });
  }
}
