import type { LogHit, LogSearch } from '@aikore/contract';
import type { LogFile } from '@aikore/platform';
import { hitsIn } from './log-piece';

/** Bytes read at a time. A piece is looked at in a millisecond or two; between two of them others have their turn. */
export const searchPiece = 128 * 1024;
/** What is looked at twice where a line is longer than a piece: longer than any text (200 characters of 4 bytes). */
const overlap = 1024;
const feed = 0x0a;

export interface SearchWish {
  readonly pattern: RegExp;
  /** At the start of a line. */
  readonly from: number | undefined;
  readonly back: boolean;
  readonly limit: number;
  /** The first kept byte, and the end. */
  readonly start: number;
  readonly size: number;
  /** Time and bytes are spent. */
  readonly spent: (searched: number) => boolean;
}

type Found = Omit<LogSearch, 'run'>;

/** Looks through a log until there are enough hits, its end is reached, or time is up. */
export async function searchLog(file: Pick<LogFile, 'read'>, wish: SearchWish): Promise<Found> {
  const { start, size, back, limit } = wish;
  const hits: LogHit[] = [];
  const edge = back ? start : size;
  const began = Math.min(Math.max(wish.from ?? (back ? size : start), start), size);
  let position = began;
  while (position !== edge && hits.length < limit) {
    const piece = await (back ? pieceBefore(file, position, start) : pieceAfter(file, position, size));
    if (!piece) break;
    const found = hitsIn(piece.bytes, piece.offset, wish.pattern);
    hits.push(...(back ? found.reverse() : found));
    position = piece.next;
    if (wish.spent(Math.abs(position - began))) break;
  }
  const kept = hits.slice(0, limit);
  const last = kept.at(-1);
  // Lines behind the last hit of the answer were found, but not told of.
  if (last && hits.length > limit) position = back ? last.offset : last.end;
  return {
    hits: kept,
    next: position === edge ? null : position,
    searched: Math.abs(position - began),
    start,
    size,
  };
}

interface Piece {
  readonly bytes: Buffer;
  readonly offset: number;
  readonly next: number;
}

/** Whole lines from `position` on. @returns null when the file is shorter than it should be */
async function pieceAfter(file: Pick<LogFile, 'read'>, position: number, size: number): Promise<Piece | null> {
  const bytes = await file.read(position, Math.min(size, position + searchPiece));
  if (bytes.length === 0) return null;
  const end = position + bytes.length;
  if (end >= size) return { bytes, offset: position, next: size };
  const cut = bytes.lastIndexOf(feed) + 1;
  if (cut > 0) return { bytes: bytes.subarray(0, cut), offset: position, next: position + cut };
  return { bytes, offset: position, next: Math.max(position + 1, end - overlap) };
}

/** Whole lines up to `position`. */
async function pieceBefore(file: Pick<LogFile, 'read'>, position: number, start: number): Promise<Piece | null> {
  const from = Math.max(start, position - searchPiece);
  const bytes = await file.read(from, position);
  if (bytes.length === 0) return null;
  if (from === start) return { bytes, offset: from, next: start };
  const cut = bytes.indexOf(feed) + 1;
  if (cut > 0 && cut < bytes.length) return { bytes: bytes.subarray(cut), offset: from + cut, next: from + cut };
  return { bytes, offset: from, next: Math.min(position - 1, from + overlap) };
}
