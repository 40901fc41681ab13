import { parseLine, stateAfter, visibleText, type Span } from './log-line';
import type { SgrState } from './sgr';

/** Characters of `… 1.0 MB line, show`, at most. */
const foldWords = 24;

export interface GapNote {
  readonly from: number;
  readonly to: number;
  readonly reason: 'capped' | 'slow' | 'lost';
}

/** Longer lines are folded: so many characters of them are drawn, until somebody asks for the rest. */
export const foldedLength = 4000;

/** Where the lines of a block begin, in bytes of the log, and when this page got them (ms; null: it was the past). */
export interface LineMarks {
  readonly offsets: readonly number[];
  readonly times: readonly (number | null)[];
}

/** Some whole lines of a log, as they stand in [from, to) of its bytes; or the note of a gap, which is one line. */
export class LogBlock {
  readonly endState: SgrState;
  private states: SgrState[] | null = null;
  private texts: string[] | null = null;
  private search: { pattern: RegExp | null; lines: number[] } | null = null;
  private unfolded: Set<number> | null = null;
  private wrapped: { columns: number; starts: number[] } | null = null;

  constructor(
    readonly lines: readonly string[],
    readonly from: number,
    readonly to: number,
    readonly startState: SgrState,
    readonly gap: GapNote | null = null,
    readonly marks: LineMarks = { offsets: [from], times: [] },
  ) {
    this.endState = gap ? startState : stateAfter(lines.join('\n'), startState);
  }

  /** What a person sees of a line. */
  text(line: number): string {
    this.texts ??= this.lines.map(visibleText);
    return this.texts[line] ?? '';
  }

  /** The styled pieces of a line, as far as they are drawn. */
  spans(line: number): Span[] {
    const raw = this.lines[line] ?? '';
    const { spans } = parseLine(raw, this.stateAt(line));
    return this.folded(line) > 0 ? firstCharacters(spans, foldedLength) : spans;
  }

  /** Characters of a line that is folded; 0: all of it is drawn. */
  folded(line: number): number {
    const { length } = this.text(line);
    return length > foldedLength && !this.unfolded?.has(line) ? length : 0;
  }

  unfold(line: number): void {
    (this.unfolded ??= new Set()).add(line);
    this.wrapped = null;
  }

  /** Where a line begins, in bytes of the log: what stays the same when blocks are joined or read anew. */
  offset(line: number): number {
    return this.marks.offsets[line] ?? this.from;
  }

  /** The line that a byte of the log stands in. */
  lineAt(offset: number): number {
    const after = this.marks.offsets.findIndex((begin) => begin > offset);
    return after < 0 ? this.marks.offsets.length - 1 : Math.max(0, after - 1);
  }

  /** Indexes of the lines that match; remembered for as long as the same pattern object is asked for. */
  matches(pattern: RegExp): readonly number[] {
    if (this.search?.pattern !== pattern) {
      const lines: number[] = [];
      if (!this.gap) for (let i = 0; i < this.lines.length; i++) if (pattern.test(this.text(i))) lines.push(i);
      this.search = { pattern, lines };
    }
    return this.search.lines;
  }

  /** Rows on the screen that all lines take, wrapped at `columns` (Infinity: not wrapped). */
  rows(columns: number): number {
    return this.rowStarts(columns)[this.lines.length] ?? 0;
  }

  /** First row of each line within the block, and the number of all rows at the end. */
  rowStarts(columns: number): readonly number[] {
    if (this.wrapped?.columns === columns) return this.wrapped.starts;
    const starts = [0];
    for (let i = 0, row = 0; i < this.lines.length; i++) {
      row += Number.isFinite(columns) ? Math.max(1, Math.ceil(this.drawnLength(i) / columns)) : 1;
      starts.push(row);
    }
    this.wrapped = { columns, starts };
    return starts;
  }

  /** With the words that stand for the folded rest. */
  private drawnLength(line: number): number {
    return this.folded(line) > 0 ? foldedLength + foldWords : this.text(line).length;
  }

  private stateAt(line: number): SgrState {
    if (!this.states) {
      let state = this.startState;
      this.states = this.lines.map((raw) => {
        const before = state;
        state = stateAfter(raw, state);
        return before;
      });
    }
    return this.states[line] ?? this.startState;
  }
}

function firstCharacters(spans: readonly Span[], count: number): Span[] {
  const kept: Span[] = [];
  let left = count;
  for (const span of spans) {
    if (left <= 0) break;
    kept.push({ ...span, text: span.text.slice(0, left) });
    left -= span.text.length;
  }
  return kept;
}
