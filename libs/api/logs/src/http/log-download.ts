import { sentenceOf } from '@aikore/api/kernel';
import { LogFile } from '@aikore/platform';
import type { LogStarts } from '../files/log-starts';
import { logEnd, type RunLog } from '../files/run-logs';

/** Bytes read and handed on at a time. */
const piece = 64 * 1024;

/**
 * The whole log of a run, piece by piece, as it is at the time of asking. What the size cap drops while it is being
 * downloaded is replaced by a line that says so, and so is a log that is not there any more.
 */
export async function* downloadLog({ run, path }: RunLog, starts: LogStarts): AsyncGenerator<Buffer> {
  const file = await LogFile.open(path).catch((error: unknown) => sentenceOf(error));
  if (typeof file === 'string') return yield Buffer.from(`[AiKore: ${file}]\n`);
  if (!file) return yield goneLine(logEnd(run));
  try {
    const end = logEnd(run);
    let position = run.log_start;
    if (position > 0) yield droppedLine(0, position);
    while (position < end) {
      const data = await file.read(position, Math.min(end, position + piece));
      await starts.settled(run.id);
      const start = Math.min(starts.of(run.id), end);
      if (start > position) {
        yield droppedLine(position, start);
        position = start;
      } else if (data.length === 0) {
        return; // cut by somebody else
      } else {
        position += data.length;
        yield data;
      }
    }
  } finally {
    await file.close();
  }
}

const droppedLine = (from: number, to: number): Buffer =>
  Buffer.from(`\n[AiKore: ${to - from} bytes (${from}-${to}) were dropped by the size cap of logs]\n`);

/** @param end how long the log was; 0 when that was never noted */
const goneLine = (end: number): Buffer =>
  Buffer.from(
    end > 0
      ? `[AiKore: the log of this run, ${end} bytes, was removed: only those of the newest runs are kept]\n`
      : '[AiKore: there is no log of this run]\n',
  );

/** `comfy-2026-11-24T10-20-30-1f3a9c02.log`: safe in a header and on every file system. */
export function downloadName({ run, instance }: RunLog): string {
  const time = run.started_at.slice(0, 19).replaceAll(':', '-');
  return `${instance.slug}-${time}-${run.id.slice(0, 8)}.log`.replace(/[^A-Za-z0-9._-]/g, '_');
}
