import { logHeaders, maxLogRead, routes } from '@aikore/contract';
import type { ApiClient } from '../api-client';
import { CliError, exitCodes } from '../exit-codes';
import type { HistorySink } from './log-sink';

/** Bytes asked for at a time when looking for the last lines: most people want few. */
const tailSteps = [64 * 1024, 1024 * 1024, maxLogRead] as const;

interface Part {
  data: Buffer;
  offset: number;
  next: number;
  size: number;
}

/** Reads the logs of an instance's runs over HTTP. */
export class LogHistory {
  constructor(
    private readonly api: ApiClient,
    private readonly instanceId: number,
  ) {}

  /** Send a run's log from `from` to its present end to the sink. */
  async read(run: string, from: number, sink: HistorySink): Promise<void> {
    let position = from;
    let end: number;
    do {
      const part = await this.part({ run, from: position, limit: maxLogRead });
      if (part.offset > position) await sink.gap(run, position, part.offset, 'capped');
      if (part.data.length > 0) await sink.chunk(run, part.offset, part.data);
      if (part.next <= position) return;
      position = part.next;
      end = part.size;
    } while (position < end);
  }

  /** Where the last `lines` lines of a run's log begin; at most the last 4 MiB are looked at. */
  async tailOffset(run: string, lines: number): Promise<number> {
    let offset = 0;
    for (const tail of tailSteps) {
      const part = await this.part({ run, tail });
      const start = lastLines(part.data, lines);
      offset = part.offset + (start ?? 0);
      if (start !== null || part.data.length < tail - 64 * 1024) break;
    }
    return offset;
  }

  private async part(query: { run: string; from?: number; tail?: number; limit?: number }): Promise<Part> {
    const { data, headers } = await this.api.bytes(routes.readLog, { params: { id: this.instanceId }, query });
    const number = (name: string): number => {
      const value = Number(headers[name]);
      if (headers[name] !== undefined && Number.isSafeInteger(value)) return value;
      throw new CliError(exitCodes.error, `The server's answer lacks the header ${name}.`);
    };
    return {
      data,
      offset: number(logHeaders.offset),
      next: number(logHeaders.next),
      size: number(logHeaders.size),
    };
  }
}

/** Index of the first of the last `count` lines; null when there are not so many. */
export function lastLines(data: Uint8Array, count: number): number | null {
  if (count === 0) return data.length;
  // The line feed at the very end closes the last line and begins no other.
  let index = data[data.length - 1] === 0x0a ? data.length - 1 : data.length;
  for (let found = 0; found < count; found += 1) {
    index = index === 0 ? -1 : data.lastIndexOf(0x0a, index - 1);
    if (index < 0) return null;
  }
  return index + 1;
}
