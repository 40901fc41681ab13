import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  afterNextRender,
  afterRenderEffect,
  computed,
  inject,
  input,
  model,
  output,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { formatBytes } from '@aikore/web/ui';
import { markHits, type MarkedSpan } from './highlight';
import { LogModel } from './log-model';
import { linesInRows, rowOf, totalRows, type LinePlace } from './log-window';
import { cssColour, type SgrState } from './sgr';

/** Height of one row in px; the style sheet has the same figure. */
const rowHeight = 17;
const overscan = 12;
/** Space before the text, in px: with line numbers, and where nobody counted. */
const gutters = { counted: 64, uncounted: 14 };
/** What times take beside it. */
const timeGutter = 66;
const gapWords = {
  capped: 'dropped by the size limit',
  slow: 'skipped: this viewer was too slow',
  lost: 'not received',
};

interface LineView {
  readonly id: number;
  /** Empty: nobody counted the lines before it. */
  readonly number: string;
  readonly time: string;
  /** How long a folded line is. */
  readonly folded: string;
  readonly place: LinePlace;
  readonly spans: readonly MarkedSpan[];
  readonly gap: string;
  readonly current: boolean;
}

/** The lines of a log, drawn as far as they are in sight. Text is only ever text. */
@Component({
  selector: 'ak-log-view',
  templateUrl: './log-view.html',
  styleUrl: './log-view.scss',
  host: { '[class.wrap]': 'wrap()', '[style.--gutter.px]': 'gutter()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LogView {
  readonly wrap = input(false);
  readonly pattern = input<RegExp | null>(null);
  /** Offset of the line that is marked. */
  readonly current = input<number | null>(null);
  /** Stay at the end; scrolling up ends it. */
  readonly follow = model(true);
  /** Lines that came in while the end was out of sight. */
  readonly unseen = model(0);
  /** Show when this page received each line. */
  readonly times = input(false);
  readonly topReached = output();
  readonly bottomReached = output();

  protected readonly log = inject(LogModel);
  private readonly scroller = viewChild.required<ElementRef<HTMLElement>>('scroller');
  private readonly probe = viewChild.required<ElementRef<HTMLElement>>('probe');
  private readonly scrollTop = signal(0);
  private readonly size = signal({ width: 800, height: 400, character: 7 });
  private lastTop = 0;

  private readonly blocks = computed(() => {
    this.log.version();
    return this.log.buffer.blocks;
  });
  protected readonly timed = computed(() => this.times() && this.log.timed());
  protected readonly gutter = computed(
    () => (this.log.counted() ? gutters.counted : gutters.uncounted) + (this.timed() ? timeGutter : 0),
  );
  private readonly columns = computed(() => {
    const { width, character } = this.size();
    return this.wrap() ? Math.max(20, Math.floor((width - this.gutter() - 14) / character)) : Infinity;
  });
  private readonly unfolded = signal(0);
  private readonly rows = computed(() => (this.unfolded(), totalRows(this.blocks(), this.columns())));
  protected readonly height = computed(() => this.rows() * rowHeight);
  private readonly window = computed(() => {
    this.unfolded();
    const from = Math.floor(this.scrollTop() / rowHeight) - overscan;
    const to = Math.ceil((this.scrollTop() + this.size().height) / rowHeight) + overscan;
    return linesInRows(this.blocks(), this.columns(), from, to);
  });
  protected readonly top = computed(() => this.window().top * rowHeight);
  protected readonly lines = computed<LineView[]>(() => {
    this.unfolded();
    const { lines, first } = this.window();
    const counted = this.log.counted();
    const current = this.current();
    return lines.map(({ block, line }, index) => ({
      id: this.log.buffer.droppedLines + first + index,
      number: counted ? String(this.log.buffer.droppedLines + first + index + 1) : '',
      time: this.timed() ? clock(block.marks.times[line]) : '',
      folded: block.folded(line) > 0 ? formatBytes(block.folded(line)) : '',
      place: { block, line },
      spans: markHits(block.spans(line), this.pattern()),
      gap: block.gap ? `${formatBytes(block.gap.to - block.gap.from)} ${gapWords[block.gap.reason]}` : '',
      current: current !== null && block.offset(line) === current,
    }));
  });

  constructor() {
    const destroyed = inject(DestroyRef);
    afterNextRender(() => {
      const observer = new ResizeObserver(() => this.measure());
      observer.observe(this.scroller().nativeElement);
      destroyed.onDestroy(() => observer.disconnect());
    });
    // After the new height is in the page: stay at the end, or where one was.
    afterRenderEffect(() => {
      this.log.version();
      this.height();
      untracked(() => this.settle());
    });
  }

  /**
   * Brings a line into the middle of the view, and stops following.
   *
   * @param column the character of the line that must be in sight
   */
  show(place: LinePlace, column = 0): void {
    const row = rowOf(this.blocks(), this.columns(), place);
    if (row < 0) return;
    this.follow.set(false);
    this.scrollTo(row * rowHeight - this.size().height / 2);
    const { width, character } = this.size();
    const left = this.wrap() ? 0 : this.gutter() + column * character;
    // What stands in the first two thirds is seen without scrolling sideways.
    this.scroller().nativeElement.scrollLeft = left < (width * 2) / 3 ? 0 : left - width / 3;
  }

  /** Goes to the end, and stays there. */
  toEnd(): void {
    this.follow.set(true);
    this.scrollTo(this.scroller().nativeElement.scrollHeight);
  }

  /** Keeps the same lines in sight after `lines` were put before them. */
  keepPlace(rowsBefore: number): void {
    this.scrollTo(this.scrollTop() + (this.rows() - rowsBefore) * rowHeight);
  }

  rowCount(): number {
    return this.rows();
  }

  protected scrolled(): void {
    const element = this.scroller().nativeElement;
    const top = element.scrollTop;
    const atEnd = top + element.clientHeight >= element.scrollHeight - 3;
    if (atEnd && !this.log.attached()) {
      if (top > this.lastTop) this.bottomReached.emit();
    } else if (atEnd) {
      this.follow.set(true);
      this.unseen.set(0);
    } else if (top < this.lastTop) this.follow.set(false);
    if (top < rowHeight * 4 && top < this.lastTop) this.topReached.emit();
    this.lastTop = top;
    this.scrollTop.set(top);
  }

  /** Goes to the first line held. */
  toStart(): void {
    this.follow.set(false);
    this.scrollTo(0);
  }

  protected unfold({ block, line }: LinePlace): void {
    block.unfold(line);
    this.unfolded.update((count) => count + 1);
  }

  protected colour(style: SgrState): string | null {
    const value = style.inverse ? style.bg : style.fg;
    const behind = style.inverse ? style.fg : style.bg;
    // White on a colour of the theme: the theme's colours are made for text, so the page's colour is what shows on them.
    if (typeof behind === 'number' && behind < 16 && (value === null || value === 7 || value === 15)) {
      return 'var(--ak-log)';
    }
    if (value === null) return style.inverse ? 'var(--ak-log)' : null;
    // Bold makes the eight dark colours bright, as terminals do.
    return cssColour(style.bold && typeof value === 'number' && value < 8 ? value + 8 : value);
  }

  protected background(style: SgrState): string | null {
    const value = style.inverse ? style.fg : style.bg;
    if (value === null) return style.inverse ? 'var(--mat-sys-on-surface)' : null;
    return cssColour(value);
  }

  private settle(): void {
    const { added, dropped } = this.log.takeChange();
    const element = this.scroller().nativeElement;
    if (this.follow() && this.log.attached()) {
      if (element.scrollTop + element.clientHeight < element.scrollHeight) this.scrollTo(element.scrollHeight);
      return;
    }
    if (added > 0) this.unseen.update((unseen) => unseen + added);
    if (dropped.length > 0) this.scrollTo(element.scrollTop - totalRows(dropped, this.columns()) * rowHeight);
  }

  private scrollTo(top: number): void {
    const element = this.scroller().nativeElement;
    element.scrollTop = Math.max(0, top);
    this.lastTop = element.scrollTop;
    this.scrollTop.set(element.scrollTop);
  }

  private measure(): void {
    const { clientWidth, clientHeight } = this.scroller().nativeElement;
    const character = this.probe().nativeElement.offsetWidth / 100 || 7;
    this.size.set({ width: clientWidth, height: clientHeight, character });
    if (this.follow()) this.scrollTo(this.scroller().nativeElement.scrollHeight);
  }
}

const two = (value: number): string => String(value).padStart(2, '0');

function clock(time: number | null | undefined): string {
  if (!time) return '';
  const date = new Date(time);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
