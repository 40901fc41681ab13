import * as z from 'zod';

/** Longest text that a log is searched for, in characters. */
export const maxSearchText = 200;
/** Most lines that one answer of a search holds. */
export const maxSearchHits = 200;

/** A line of a log that was found. */
export const logHit = z.object({
  /** Where the line begins, in bytes of the run's log. A line longer than 128 KiB is searched in parts: its part. */
  offset: z.number().int(),
  /** Where it ends, its line feed included. */
  end: z.number().int(),
  /** What a terminal shows of it around the place, at most 300 characters. */
  text: z.string(),
});
export type LogHit = z.infer<typeof logHit>;

/** What was found in the bytes that one request had time for. */
export const logSearch = z.object({
  /** null: the instance has never run. */
  run: z.string().nullable(),
  /** In the order of the search: the nearest to `from` first. */
  hits: z.array(logHit),
  /** Pass it as `from` to go on; null when everything was searched. */
  next: z.number().int().nullable(),
  /** Bytes that were looked at. */
  searched: z.number().int(),
  /** The first kept byte of the log and its end, at the time of asking. */
  start: z.number().int(),
  size: z.number().int(),
});
export type LogSearch = z.infer<typeof logSearch>;

/**
 * What the first sign of trouble in a log looks like: Python and shell errors, npm, CUDA. Words such as "0 errors" or
 * "error_handler" are no trouble.
 */
export const troublePattern =
  /\b(?:Traceback \(most recent|[A-Z]\w{0,99}(?:Error|Exception)\b|(?:npm )?ERR!|FATAL\b|fatal:|ERROR\b|[Ee]rror:|panic:|[Ss]egmentation fault|Killed\b|command not found|No such file or directory|CUDA error)/;

/** A pattern that finds the text as it was typed. */
export function textPattern(text: string, matchCase: boolean): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), matchCase ? '' : 'i');
}
