import type { TerminalModes } from './terminal-modes';

const blockSize = 32 * 1024;
/** Output without a line end is cut anywhere in the end. */
const maxBlock = 4 * blockSize;
const lineFeed = 0x0a;

interface Block {
  /** As they were before its first byte. */
  readonly modes: TerminalModes;
  bytes: Uint8Array;
  used: number;
  lines: number;
}

/** Output of one screen in blocks, each of which can be the first one. */
export class OutputBlocks {
  private readonly blocks: Block[];
  private bytes = 0;
  private lines = 0;
  /** Its beginning is gone. */
  wasCut = false;

  constructor(modes: TerminalModes) {
    this.blocks = [emptyBlock(modes)];
  }

  get size(): number {
    return this.bytes;
  }

  append(data: Uint8Array): void {
    const block = this.last;
    if (block.used + data.length > block.bytes.length) {
      block.bytes = resized(block, Math.max(2 * block.bytes.length, block.used + data.length));
    }
    block.bytes.set(data, block.used);
    block.used += data.length;
    const lines = countLines(data);
    block.lines += lines;
    this.bytes += data.length;
    this.lines += lines;
  }

  /** The output may be cut here. @param atLine false: at no line end, only when it is high time */
  mayCut(modes: TerminalModes, atLine: boolean): void {
    const block = this.last;
    if (block.used < (atLine ? blockSize : maxBlock)) return;
    block.bytes = resized(block, block.used);
    this.blocks.push(emptyBlock(modes.clone()));
  }

  /** Let the oldest go, until what is left is within `bytes`, or has no more than it needs for `lines`. */
  trim(bytes: number, lines: number): void {
    for (let [first, second] = this.blocks; first && second; [first, second] = this.blocks) {
      if (this.bytes <= bytes && this.lines - first.lines < lines) return;
      this.blocks.shift();
      this.bytes -= first.used;
      this.lines -= first.lines;
      this.wasCut = true;
    }
  }

  /** What to write to a terminal that was just reset. Later changes do not show in it. */
  parts(): Uint8Array[] {
    const [first] = this.blocks;
    const prelude = ascii(first?.modes.prelude() ?? '');
    return [prelude, ...this.blocks.map(({ bytes, used }) => bytes.subarray(0, used))];
  }

  private get last(): Block {
    return this.blocks[this.blocks.length - 1] as Block;
  }
}

const emptyBlock = (modes: TerminalModes): Block => ({ modes, bytes: new Uint8Array(256), used: 0, lines: 0 });

function resized({ bytes, used }: Block, length: number): Uint8Array {
  const larger = new Uint8Array(length);
  larger.set(bytes.subarray(0, used));
  return larger;
}

function countLines(data: Uint8Array): number {
  let lines = 0;
  for (let at = data.indexOf(lineFeed); at >= 0; at = data.indexOf(lineFeed, at + 1)) lines += 1;
  return lines;
}

/** Bytes of a text that has only ASCII characters, as escape sequences do. */
export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
