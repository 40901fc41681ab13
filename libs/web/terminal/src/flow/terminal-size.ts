import { terminalLimits } from '@aikore/contract';

export interface TerminalSize {
  readonly cols: number;
  readonly rows: number;
}

const smallest = { cols: 20, rows: 4 };
/** Of our monospaced font, per pixel of its size. */
const [widthPerPixel, heightPerPixel] = [0.6, 1.32];

const between = (value: number, min: number, max: number): number =>
  Number.isFinite(value) ? Math.min(max, Math.max(min, Math.floor(value))) : min;

/** A size that the server takes, and in which a shell is of use, whatever was measured. */
export const boundedSize = ({ cols, rows }: TerminalSize): TerminalSize => ({
  cols: between(cols, smallest.cols, terminalLimits.size),
  rows: between(rows, smallest.rows, terminalLimits.size),
});

/**
 * The size of a terminal that is not there yet, so that its shell begins with about the right one.
 *
 * @param width and height of the place in CSS pixels
 * @param fontSize in CSS pixels
 */
export const estimatedSize = (width: number, height: number, fontSize: number): TerminalSize =>
  width > 0 && height > 0
    ? boundedSize({ cols: width / (fontSize * widthPerPixel), rows: height / (fontSize * heightPerPixel) })
    : { cols: 80, rows: 24 };

export const sameSize = (a: TerminalSize, b: TerminalSize): boolean => a.cols === b.cols && a.rows === b.rows;
