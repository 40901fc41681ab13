import type { LogBlock } from './log-block';

/** A line by its place: index of its block, and of the line in there. */
export interface LinePlace {
  readonly block: LogBlock;
  readonly line: number;
}

/** The lines that stand in some rows of the screen. */
export interface LogWindow {
  /** Row of the first line. */
  readonly top: number;
  /** Number (from 0, within what is held) of the first line. */
  readonly first: number;
  readonly lines: readonly LinePlace[];
}

/** Rows of all blocks. */
export const totalRows = (blocks: readonly LogBlock[], columns: number): number =>
  blocks.reduce((rows, block) => rows + block.rows(columns), 0);

/** The lines that touch rows [from, to). */
export function linesInRows(blocks: readonly LogBlock[], columns: number, from: number, to: number): LogWindow {
  const lines: LinePlace[] = [];
  let row = 0;
  let number = 0;
  let top = 0;
  let first = 0;
  for (const block of blocks) {
    if (row >= to) break;
    const starts = block.rowStarts(columns);
    if (row + block.rows(columns) > from) {
      for (let line = 0; line < block.lines.length; line++) {
        if (row + (starts[line + 1] ?? 0) <= from) continue;
        if (row + (starts[line] ?? 0) >= to) break;
        if (lines.length === 0) {
          top = row + (starts[line] ?? 0);
          first = number + line;
        }
        lines.push({ block, line });
      }
    }
    row += block.rows(columns);
    number += block.lines.length;
  }
  return { top, first, lines };
}

/** The row where a line begins; -1 when it is not held any more. */
export function rowOf(blocks: readonly LogBlock[], columns: number, place: LinePlace): number {
  let row = 0;
  for (const block of blocks) {
    if (block === place.block) return row + (block.rowStarts(columns)[place.line] ?? 0);
    row += block.rows(columns);
  }
  return -1;
}

/** Every line that matches, in order. */
export function allMatches(blocks: readonly LogBlock[], pattern: RegExp | null): LinePlace[] {
  if (!pattern) return [];
  return blocks.flatMap((block) => block.matches(pattern).map((line) => ({ block, line })));
}

/** The first line that matches; null when there is none. */
export function firstMatch(blocks: readonly LogBlock[], pattern: RegExp): LinePlace | null {
  for (const block of blocks) {
    if (block.gap) continue;
    for (let line = 0; line < block.lines.length; line++) if (pattern.test(block.text(line))) return { block, line };
  }
  return null;
}
