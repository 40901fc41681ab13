import { LogBlock, type GapNote, type LineMarks } from './log-block';
import type { LinePlace } from './log-window';
import { plain } from './sgr';

const newline = 0x0a;
/** A line without an end is cut here: 10 MB without a newline must not cost 10 MB at every chunk. */
export const longestLine = 2 * 1024 * 1024;
const smallBlock = 16 * 1024;
/** Memory kept for one view, in bytes of log. */
export const defaultCapacity = 24 * 1024 * 1024;

/**
 * The lines of one run that a view holds, in blocks with exact byte offsets. Bytes become text only at line ends, so
 * that no character is split between chunks. It is a window: what is added at one side beyond `capacity` bytes goes at
 * the other one.
 */
export class LogBuffer {
  private list: LogBlock[] = [];
  private pending: Uint8Array = new Uint8Array(0);
  private pendingFrom = 0;
  private tail: LogBlock | null = null;
  private readonly decoder = new TextDecoder();
  private held = 0;
  /** Lines that were dropped at the front since the view began: keeps line numbers stable. */
  droppedLines = 0;
  /** Offset of line number 1 of this window. */
  origin: number;

  constructor(
    start = 0,
    private readonly capacity = defaultCapacity,
  ) {
    this.pendingFrom = this.origin = start;
  }

  /** Blocks in order, as a new list each time; the last one may be a line that is still being written. */
  get blocks(): readonly LogBlock[] {
    return this.tail ? [...this.list, this.tail] : [...this.list];
  }

  /** Offset of the first byte held. */
  get from(): number {
    return this.list[0]?.from ?? this.pendingFrom;
  }

  /** Offset behind the last byte held. */
  get end(): number {
    return this.pendingFrom + this.pending.byteLength;
  }

  /** Offset behind the last line that has an end. */
  get wholeEnd(): number {
    return this.pendingFrom;
  }

  /** The line that a byte of the log stands in; null when it is not held. */
  placeOf(offset: number): LinePlace | null {
    const block = this.blocks.find(({ from, to, gap }) => !gap && from <= offset && offset < to);
    return block ? { block, line: block.lineAt(offset) } : null;
  }

  get lineCount(): number {
    return this.blocks.reduce((count, block) => count + block.lines.length, 0);
  }

  /**
   * Adds bytes at the end.
   *
   * @param at when they were received, in ms; null: they are the past
   * @returns how many new lines began, and the old blocks that were dropped for them.
   */
  append(data: Uint8Array, at: number | null = null): { added: number; dropped: readonly LogBlock[] } {
    const before = this.lineCount;
    const last = data.lastIndexOf(newline);
    if (last >= 0) {
      const whole = concat(this.pending, data.subarray(0, last + 1));
      this.pushText(whole, this.pendingFrom, at);
      this.pendingFrom += whole.byteLength;
      this.pending = data.slice(last + 1);
    } else this.pending = concat(this.pending, data);
    this.cutLongLine(at);
    this.drawTail(at);
    const added = this.lineCount - before;
    return { added, dropped: this.trim() };
  }

  /** Notes bytes that are missing, and goes on behind them. */
  appendGap(note: GapNote): void {
    this.flush();
    this.list.push(new LogBlock([''], note.from, note.to, this.endState(), note));
    this.pendingFrom = note.to;
  }

  /**
   * Puts older bytes before the first ones; they must end where the buffer begins. The rest of a line at their front is
   * left for the next reading, unless nothing stands before it or it is all there is: a line longer than one reading
   * comes in pieces.
   * @param logStart the first byte of the log that is still kept
   * @returns how many lines were put in front.
   */
  prepend(data: Uint8Array, offset: number, logStart = 0): number {
    const feed = data.indexOf(newline) + 1;
    if (data.byteLength === 0) return 0;
    if (offset <= logStart) return this.unshift(data, offset);
    const cut = feed > 0 && feed < data.byteLength ? feed : characterEnd(data);
    return this.unshift(data.subarray(cut), offset + cut);
  }

  /** Whole lines; what the first one has too much is cut off as it is in `append`. */
  private unshift(data: Uint8Array, offset: number): number {
    const blocks: LogBlock[] = [];
    let from = 0;
    while (lineEnd(data, from) - from > longestLine) {
      const cut = characterStart(data, from + longestLine);
      blocks.push(this.makeBlock(data.subarray(from, cut), offset + from, plain));
      from = cut;
    }
    blocks.push(this.makeBlock(data.subarray(from), offset + from, plain));
    this.list.unshift(...blocks);
    this.origin = this.droppedLines > 0 ? this.origin : offset;
    this.held += data.byteLength;
    this.trimEnd();
    return blocks.reduce((count, block) => count + block.lines.length, 0);
  }

  private pushText(whole: Uint8Array, from: number, at: number | null): void {
    const last = this.list[this.list.length - 1];
    const block = this.makeBlock(whole, from, this.endState(), at);
    // A quiet log arrives line by line: small blocks are joined, or there would be one per line.
    const join = last && !last.gap && last.to === from && block.to - last.from <= smallBlock;
    if (join) this.list.pop();
    this.list.push(join ? joined(last, block) : block);
    this.held += whole.byteLength;
  }

  private makeBlock(bytes: Uint8Array, from: number, state: typeof plain, at: number | null = null): LogBlock {
    const ended = bytes[bytes.byteLength - 1] === newline;
    const text = this.decoder.decode(ended ? bytes.subarray(0, -1) : bytes);
    const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
    const marks = { offsets: lineOffsets(bytes, from), times: lines.map(() => at) };
    return new LogBlock(lines, from, from + bytes.byteLength, state, null, marks);
  }

  private endState() {
    return this.list[this.list.length - 1]?.endState ?? plain;
  }

  private flush(): void {
    if (this.pending.byteLength > 0) this.pushText(this.pending, this.pendingFrom, null);
    this.pendingFrom += this.pending.byteLength;
    this.pending = new Uint8Array(0);
    this.tail = null;
  }

  private cutLongLine(at: number | null): void {
    while (this.pending.byteLength > longestLine) {
      const cut = characterStart(this.pending, longestLine);
      this.pushText(this.pending.subarray(0, cut), this.pendingFrom, at);
      this.pendingFrom += cut;
      this.pending = this.pending.slice(cut);
    }
  }

  private drawTail(at: number | null): void {
    if (this.pending.byteLength === 0) {
      this.tail = null;
      return;
    }
    const line = this.decoder.decode(this.pending);
    this.tail = new LogBlock([line], this.pendingFrom, this.end, this.endState(), null, {
      offsets: [this.pendingFrom],
      times: [at],
    });
  }

  /** Lets the newest lines go: somebody reads further back. */
  private trimEnd(): void {
    while (this.held > this.capacity && this.list.length > 1) {
      const block = this.list.pop();
      if (!block) break;
      if (!block.gap) this.held -= block.to - block.from;
      this.pending = new Uint8Array(0);
      this.tail = null;
      this.pendingFrom = block.from;
    }
  }

  private trim(): readonly LogBlock[] {
    const dropped: LogBlock[] = [];
    while (this.held > this.capacity && this.list.length > 1) {
      const block = this.list.shift();
      if (!block) break;
      if (!block.gap) this.held -= block.to - block.from;
      this.droppedLines += block.lines.length;
      dropped.push(block);
    }
    return dropped;
  }
}

function joined(a: LogBlock, b: LogBlock): LogBlock {
  const marks: LineMarks = {
    offsets: [...a.marks.offsets, ...b.marks.offsets],
    times: [...a.marks.times, ...b.marks.times],
  };
  return new LogBlock([...a.lines, ...b.lines], a.from, b.to, a.startState, null, marks);
}

/** Where each line of `bytes` begins; they stand at `from`. */
function lineOffsets(bytes: Uint8Array, from: number): number[] {
  const offsets = [from];
  const last = bytes.byteLength - 1;
  for (let feed = bytes.indexOf(newline); feed >= 0 && feed < last; feed = bytes.indexOf(newline, feed + 1)) {
    offsets.push(from + feed + 1);
  }
  return offsets;
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.byteLength === 0) return b.slice();
  const both = new Uint8Array(a.byteLength + b.byteLength);
  both.set(a);
  both.set(b, a.byteLength);
  return both;
}

/** Where the line that begins at `from` ends. */
function lineEnd(bytes: Uint8Array, from: number): number {
  const feed = bytes.indexOf(newline, from);
  return feed < 0 ? bytes.byteLength : feed;
}

/** The nearest place at or before `at` where a UTF-8 character begins. */
function characterStart(bytes: Uint8Array, at: number): number {
  let cut = at;
  while (cut > at - 4 && ((bytes[cut] ?? 0) & 0xc0) === 0x80) cut--;
  return cut;
}

/** Where the first whole UTF-8 character begins, behind the rest (at most 3 bytes, RFC 3629) of one that was cut. */
function characterEnd(bytes: Uint8Array): number {
  let cut = 0;
  while (cut < 3 && cut < bytes.byteLength - 1 && ((bytes[cut] ?? 0) & 0xc0) === 0x80) cut++;
  return cut;
}
