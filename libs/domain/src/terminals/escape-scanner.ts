/** What the scanner tells, in the order of the stream. Positions are those of the chunk being fed. */
export interface EscapeSink {
  /** A whole sequence of `length` bytes ended before `end`; `text` is how it begins, as Latin-1. */
  sequence(text: string, length: number, end: number): void;
  /** A line feed outside of any sequence ended before `end`: where a stream may be cut. Only the last one of a run. */
  lineEnd(end: number): void;
}

const [esc, bel, can, sub] = [0x1b, 0x07, 0x18, 0x1a];
const lineFeed = 0x0a;
/** Sequences that are longer hold payload (titles, images): nobody needs to know more of them than their beginning. */
const maxKept = 128;

type State = 'ground' | 'escape' | 'csi' | 'string' | 'stringEscape';

/**
 * Finds escape sequences in a stream of terminal output that arrives in pieces (ECMA-48; xterm's "ctlseqs"). Text
 * between them is passed over at the speed of `indexOf`. C1 controls of one byte are text: terminals here speak UTF-8.
 */
export class EscapeScanner {
  private state: State = 'ground';
  private text = '';
  private length = 0;

  /** Bytes of the sequence that has begun and not ended; 0 between sequences. */
  get openLength(): number {
    return this.state === 'ground' ? 0 : this.length;
  }

  feed(chunk: Uint8Array, sink: EscapeSink): void {
    for (let at = 0; at < chunk.length;) {
      at = this.state === 'ground' ? this.skipText(chunk, at, sink) : this.step(chunk, at, sink);
    }
  }

  private skipText(chunk: Uint8Array, from: number, sink: EscapeSink): number {
    const found = chunk.indexOf(esc, from);
    const to = found < 0 ? chunk.length : found;
    const line = to > from ? chunk.lastIndexOf(lineFeed, to - 1) : -1;
    if (line >= from) sink.lineEnd(line + 1);
    if (found < 0) return to;
    this.begin();
    return found + 1;
  }

  private step(chunk: Uint8Array, at: number, sink: EscapeSink): number {
    const byte = chunk[at] ?? 0;
    const next = at + 1;
    this.length += 1;
    if (byte === can || byte === sub) this.state = 'ground';
    else if (byte === esc) this.onEscape();
    else {
      if (this.text.length < maxKept) this.text += String.fromCharCode(byte);
      if (this.ends(byte)) {
        this.state = 'ground';
        sink.sequence(this.text, this.length, next);
      }
    }
    return next;
  }

  private begin(): void {
    this.state = 'escape';
    this.text = '\x1b';
    this.length = 1;
  }

  /** Inside a string it may be the first half of its terminator; anywhere else a new sequence begins. */
  private onEscape(): void {
    if (this.state === 'string') this.state = 'stringEscape';
    else this.begin();
  }

  private ends(byte: number): boolean {
    switch (this.state) {
      case 'escape':
        if (byte === 0x5b) this.state = 'csi';
        else if (byte === 0x5d || byte === 0x50 || byte === 0x58 || byte === 0x5e || byte === 0x5f)
          this.state = 'string';
        else return byte >= 0x30; // intermediates, and controls, which terminals carry out in between
        return false;
      case 'csi':
        return byte >= 0x40 && byte <= 0x7e;
      case 'string':
        return byte === bel;
      case 'stringEscape':
        // `ESC \` ends the string. Anything else ends it as well, and is a sequence of its own: rare, and not followed.
        return true;
      case 'ground':
        return true;
    }
  }
}
