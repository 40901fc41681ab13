/** What to do with a chunk: `append` these bytes, or `skip` it; `missed` are bytes before it that never came. */
export interface ChunkVerdict {
  readonly append: Uint8Array | null;
  readonly missed: { from: number; to: number } | null;
}

/**
 * The position of a viewer in one run's log, in bytes. It makes a resumed stream whole: what was seen already is cut
 * off, what is missing is named.
 */
export class LogCursor {
  private position: number;

  constructor(
    readonly run: string,
    offset: number,
  ) {
    this.position = offset;
  }

  /** The first byte that is not here yet: where a resumed stream goes on. */
  get next(): number {
    return this.position;
  }

  /** Takes a chunk of the run in, and moves behind it. */
  accept(run: string, offset: number, data: Uint8Array): ChunkVerdict {
    const end = offset + data.byteLength;
    if (run !== this.run || end <= this.position) return { append: null, missed: null };
    const missed = offset > this.position ? { from: this.position, to: offset } : null;
    const append = offset < this.position ? data.subarray(this.position - offset) : data;
    this.position = end;
    return { append, missed };
  }

  /** The server left [from, to) out: go on behind it. @returns what is left out of what was still to come. */
  skip(run: string, from: number, to: number): { from: number; to: number } | null {
    if (run !== this.run || to <= this.position) return null;
    const missed = { from: Math.max(from, this.position), to };
    this.position = to;
    return missed;
  }
}
