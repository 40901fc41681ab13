/** Bytes that are dropped in one step at least: an eighth of the cap, and no more than this. */
const maxHeadroom = 32 * 1024 * 1024;

/**
 * Whether the oldest part of a run's log is to be dropped, and up to where.
 *
 * Dropping begins a headroom before the cap, so that what an app writes between two checks still fits below it, and
 * frees as much again, so that it does not happen at every check. At least three quarters of the cap are always kept.
 *
 * @param log      `size`: end of the log; `logStart`: first byte that is kept
 * @param maxBytes most bytes of a run's log that may stay on disk
 * @param block    block size of the file system: only whole blocks can be freed
 * @returns the new first byte, a multiple of `block`, or null when there is nothing to do
 */
export function planLogCap(
  log: { readonly size: number; readonly logStart: number },
  maxBytes: number,
  block: number,
): number | null {
  const headroom = Math.min(Math.floor(maxBytes / 8), maxHeadroom);
  if (log.size - log.logStart <= maxBytes - headroom) return null;
  const keepFrom = Math.floor((log.size - (maxBytes - 2 * headroom)) / block) * block;
  return keepFrom > log.logStart ? keepFrom : null;
}
