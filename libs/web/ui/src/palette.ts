import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  afterRenderEffect,
  computed,
  input,
  linkedSignal,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { MatIconModule } from '@angular/material/icon';
import { rankItems, type PaletteItem } from './rank';

const page = 8;

/** Everything that can be done, to be found by typing. Keyboard: arrows, Page, Home, End, Enter; Esc is the dialog's. */
@Component({
  selector: 'ak-palette',
  imports: [MatIconModule],
  templateUrl: './palette.html',
  styleUrl: './palette.scss',
  host: { 'data-testid': 'palette' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Palette<T extends PaletteItem> {
  readonly items = input.required<readonly T[]>();
  /** Ids of what was used last, the last one first. */
  readonly recent = input<readonly string[]>([]);
  readonly picked = output<T>();

  private readonly list = viewChild.required<ElementRef<HTMLElement>>('list');
  protected readonly query = signal('');
  protected readonly rows = computed(() => rankItems(this.items(), this.query(), this.recent()));
  /** The first row again after each letter, and whenever that row goes. */
  protected readonly active = linkedSignal<{ query: string; count: number }, number>({
    source: () => ({ query: this.query(), count: this.rows().length }),
    computation: ({ query, count }, before) =>
      before && before.source.query === query ? Math.max(0, Math.min(before.value, count - 1)) : 0,
  });

  constructor() {
    afterRenderEffect(() => {
      this.active();
      this.list().nativeElement.querySelector('.active')?.scrollIntoView({ block: 'nearest' });
    });
  }

  protected type(event: Event): void {
    this.query.set((event.target as HTMLInputElement).value);
  }

  protected take(index: number): void {
    const row = this.rows()[index];
    if (row) this.picked.emit(row.item);
  }

  protected press(event: KeyboardEvent): void {
    const count = this.rows().length;
    const active = this.active();
    const moves: Record<string, number> = {
      // Past the end comes the beginning.
      ArrowDown: count ? (active + 1) % count : 0,
      ArrowUp: count ? (active - 1 + count) % count : 0,
      PageDown: Math.min(count - 1, active + page),
      PageUp: Math.max(0, active - page),
    };
    const next = moves[event.key];
    if (next !== undefined) this.active.set(next);
    else if (event.key === 'Enter' && !event.isComposing) this.take(active);
    else return;
    event.preventDefault();
  }
}
