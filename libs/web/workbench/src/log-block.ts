import { parseLine, stateAfter, visibleText, type Span } from './log-line';
import type { SgrState } from './sgr';

export interface GapNote {
  readonly from: number;
  readonly to: number;
  readonly reason: 'capped' | 'slow' | 'lost';
}

/** Some whole lines of a log, as they stand in [from, to) of its bytes; or the note of a gap, which is one line. */
export class LogBlock {
  readonly endState: SgrState;
  private states: SgrState[] | null = null;
  private texts: string[] | null = null;
  private search: { pattern: RegExp | null; lines: number[] } | null = null;
  private wrapped: { columns: number; starts: number[] } | null = null;

  constructor(
    readonly lines: readonly string[],
    readonly from: number,
    readonly to: number,
    readonly startState: SgrState,
    readonly gap: GapNote | null = null,
  ) {
    this.endState = gap ? startState : stateAfter(lines.join('\n'), startState);
  }

  /** What a person sees of a line. */
  text(line: number): string {
    this.texts ??= this.lines.map(visibleText);
    return this.texts[line] ?? '';
  }

  /** The styled pieces of a line. */
  spans(line: number): Span[] {
    return parseLine(this.lines[line] ?? '', this.stateAt(line)).spans;
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
      row += Number.isFinite(columns) ? Math.max(1, Math.ceil(this.text(i).length / columns)) : 1;
      starts.push(row);
    }
    this.wrapped = { columns, starts };
    return starts;
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
