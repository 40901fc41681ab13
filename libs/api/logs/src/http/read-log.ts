import type { RouteInput, routes } from '@aikore/contract';
import { LogFile } from '@aikore/platform';
import type { LogStarts } from '../files/log-starts';
import { logEnd, type RunLog } from '../files/run-logs';

type Query = RouteInput<typeof routes.readLog>['query'];

/** Bytes of a log and where they stand. */
export interface LogPart {
  data: Buffer;
  /** Offset of the first byte of `data`. */
  offset: number;
  /** Where the next read goes on. */
  next: number;
  /** End of the log. */
  size: number;
}

/** How often a part is read again because the size cap dropped it meanwhile. */
const attempts = 5;

/**
 * The part of a log that a request asks for. A position before the first kept byte begins at that byte; one after the
 * end answers with nothing.
 */
export function readLogPart({ run, path }: RunLog, query: Query, starts: LogStarts): Promise<LogPart> {
  return LogFile.using(path, async (file) => {
    const size = logEnd(run);
    for (let attempt = 1; ; attempt += 1) {
      const start = Math.min(starts.of(run.id, run.log_start), size);
      const { from, to } = await rangeOf(file, query, start, size);
      const data = (await file?.read(from, to)) ?? Buffer.alloc(0);
      await starts.settled(run.id);
      if (starts.of(run.id) <= from || attempt === attempts) {
        return { data, offset: from, next: from + data.length, size };
      }
    }
  });
}

async function rangeOf(
  file: LogFile | null,
  { from, tail, limit }: Query,
  start: number,
  size: number,
): Promise<{ from: number; to: number }> {
  if (tail !== undefined) return { from: (await file?.tailOffset(tail, start, size)) ?? size, to: size };
  const first = Math.min(Math.max(from ?? start, start), size);
  return { from: first, to: Math.min(size, first + limit) };
}
