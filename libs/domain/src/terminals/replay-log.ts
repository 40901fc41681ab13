import { EscapeScanner, type EscapeSink } from './escape-scanner';
import { ascii, OutputBlocks } from './output-blocks';
import { isForTheMoment } from './output-queries';
import { TerminalModes } from './terminal-modes';

export interface ReplayBounds {
  /** Most bytes kept of the main screen; of the other one a quarter of it. */
  readonly bytes: number;
  /** Lines that are enough: what is older than that is not kept even if there is room. */
  readonly lines: number;
}

/** A sequence that is longer is not held back. */
const maxOpen = 64 * 1024;
const entersOther = /^\x1b\[\?(?:\d+;)*(?:47|1047|1049)(?:;\d+)*h$/;
const fullReset = '\x1bc';
const leavesOther = /^\x1b\[\?(?:\d+;)*(?:47|1047|1049)(?:;\d+)*l$/;

/**
 * The latest output of a terminal, such that writing it to a terminal that was just reset makes it show what it should
 * (docs/adr: terminals are replayed from bytes). It begins at a line, with the modes that were set by then. Queries are
 * left out, and so is what a program draws on the other screen (`vim`, `htop`) once it has left it.
 */
export class ReplayLog {
  private readonly scanner = new EscapeScanner();
  private readonly modes = new TerminalModes();
  private readonly main = new OutputBlocks(this.modes.clone());
  private other: OtherScreen | null = null;
  /** A sequence whose end has not arrived yet: it is kept or left out as a whole. */
  private open: Uint8Array = new Uint8Array();

  /** What is being appended, `open` included; how far it was dealt with. */
  private whole: Uint8Array = new Uint8Array();
  private done = 0;
  private readonly sink: EscapeSink = {
    sequence: (text, length, end) => this.onSequence(text, length, end + this.open.length),
    lineEnd: (end) => this.onLineEnd(end + this.open.length),
  };

  constructor(private readonly bounds: ReplayBounds) {}

  /** Bytes held. */
  get size(): number {
    return this.main.size + (this.other?.blocks.size ?? 0) + this.open.length;
  }

  /** A program draws on the other screen, and part of what it drew is not held any more: let it draw anew. */
  get isPartial(): boolean {
    return this.other?.blocks.wasCut ?? false;
  }

  append(chunk: Uint8Array): void {
    this.whole = concat(this.open, chunk);
    this.done = 0;
    this.scanner.feed(chunk, this.sink);
    const { openLength } = this.scanner;
    const held = openLength <= maxOpen ? openLength : 0;
    this.keep(this.whole.length - held);
    this.open = this.whole.slice(this.whole.length - held);
    this.whole = new Uint8Array();
    if (openLength === 0) this.blocks.mayCut(this.modes, false);
    this.main.trim(this.bounds.bytes, this.bounds.lines);
    this.other?.blocks.trim(this.bounds.bytes / 4, Number.POSITIVE_INFINITY);
  }

  /** What to write to a terminal that was just reset. Later output does not show in it. */
  parts(): Uint8Array[] {
    const other = this.other ? [this.other.enter, ...this.other.blocks.parts()] : [];
    return [...this.main.parts(), ...other, this.open].filter((part) => part.length > 0);
  }

  private get blocks(): OutputBlocks {
    return this.other?.blocks ?? this.main;
  }

  private keep(end: number): void {
    if (end > this.done) this.blocks.append(this.whole.subarray(this.done, end));
    this.done = Math.max(this.done, end);
  }

  private onLineEnd(end: number): void {
    this.keep(end);
    this.blocks.mayCut(this.modes, true);
  }

  private onSequence(text: string, length: number, end: number): void {
    this.keep(end - length);
    if (this.isKept(text)) this.keep(end);
    else this.done = end;
  }

  private isKept(sequence: string): boolean {
    if (isForTheMoment(sequence)) return false;
    this.modes.apply(sequence);
    if (!this.other) {
      if (!entersOther.test(sequence)) return true;
      const before = this.modes.enterOtherScreen();
      this.other = { enter: ascii(sequence), before, blocks: new OutputBlocks(new TerminalModes()) };
      return false;
    }
    const { before } = this.other;
    if (sequence === fullReset) this.other = null; // ends on the main screen
    if (!leavesOther.test(sequence)) return true;
    this.other = null;
    this.main.append(ascii(this.modes.leaveOtherScreen(before)));
    return false;
  }
}

interface OtherScreen {
  /** The sequence that shows it. */
  readonly enter: Uint8Array;
  readonly blocks: OutputBlocks;
  /** The modes of the main screen meanwhile. */
  readonly before: TerminalModes;
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
