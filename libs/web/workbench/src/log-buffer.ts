import { LogBlock, type GapNote } from './log-block';
import { plain } from './sgr';

const newline = 0x0a;
/** A line without an end is cut here: 10 MB without a newline must not cost 10 MB at every chunk. */
export const longestLine = 64 * 1024;
const smallBlock = 16 * 1024;
/** Memory kept for one view, in bytes of log. */
export const defaultCapacity = 24 * 1024 * 1024;

/**
 * The lines of one run that a view holds, in blocks with exact byte offsets. Bytes become text only at line ends, so
 * that no character is split between chunks. The oldest blocks go when there are more than `capacity` bytes.
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

  constructor(
    start = 0,
    private readonly capacity = defaultCapacity,
  ) {
    this.pendingFrom = start;
  }

  /** Blocks in order, as a new list each time; the last one may be a line that is still being written. */
  get blocks(): readonly LogBlock[] {
    return this.tail ? [...this.list, this.tail] : [...this.list];
  }

  /** Offset of the first byte held. */
  get from(): number {
    return this.list[0]?.from ?? this.pendingFrom;
  }

  get lineCount(): number {
    return this.blocks.reduce((count, block) => count + block.lines.length, 0);
  }

  get full(): boolean {
    return this.held >= this.capacity;
  }

  /** Adds bytes at the end. @returns how many new lines began, and the old blocks that were dropped for them. */
  append(data: Uint8Array): { added: number; dropped: readonly LogBlock[] } {
    const before = this.lineCount;
    const last = data.lastIndexOf(newline);
    if (last >= 0) {
      const whole = concat(this.pending, data.subarray(0, last + 1));
      this.pushText(whole, this.pendingFrom);
      this.pendingFrom += whole.byteLength;
      this.pending = data.slice(last + 1);
    } else this.pending = concat(this.pending, data);
    this.cutLongLine();
    this.drawTail();
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
    this.held += data.byteLength;
    return blocks.reduce((count, block) => count + block.lines.length, 0);
  }

  private pushText(whole: Uint8Array, from: number): void {
    const last = this.list[this.list.length - 1];
    const block = this.makeBlock(whole, from, this.endState());
    // A quiet log arrives line by line: small blocks are joined, or there would be one per line.
    const join = last && !last.gap && last.to === from && block.to - last.from <= smallBlock;
    if (join) this.list.pop();
    this.list.push(join ? new LogBlock([...last.lines, ...block.lines], last.from, block.to, last.startState) : block);
    this.held += whole.byteLength;
  }

  private makeBlock(bytes: Uint8Array, from: number, state: typeof plain): LogBlock {
    const ended = bytes[bytes.byteLength - 1] === newline;
    const text = this.decoder.decode(ended ? bytes.subarray(0, -1) : bytes);
    const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
    return new LogBlock(lines, from, from + bytes.byteLength, state);
  }

  private endState() {
    return this.list[this.list.length - 1]?.endState ?? plain;
  }

  private flush(): void {
    if (this.pending.byteLength > 0) this.pushText(this.pending, this.pendingFrom);
    this.pendingFrom += this.pending.byteLength;
    this.pending = new Uint8Array(0);
    this.tail = null;
  }

  private cutLongLine(): void {
    while (this.pending.byteLength > longestLine) {
      const cut = characterStart(this.pending, longestLine);
      this.pushText(this.pending.subarray(0, cut), this.pendingFrom);
      this.pendingFrom += cut;
      this.pending = this.pending.slice(cut);
    }
  }

  private drawTail(): void {
    if (this.pending.byteLength === 0) {
      this.tail = null;
      return;
    }
    const line = this.decoder.decode(this.pending);
    this.tail = new LogBlock([line], this.pendingFrom, this.pendingFrom + this.pending.byteLength, this.endState());
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
