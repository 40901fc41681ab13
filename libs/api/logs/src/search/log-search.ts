import { Injectable } from '@nestjs/common';
import { AppError } from '@aikore/api/kernel';
import { type LogSearch, type RouteInput, type routes, textPattern, troublePattern } from '@aikore/contract';
import { LogFile } from '@aikore/platform';
import { LogStarts } from '../files/log-starts';
import { logEnd, type RunLog, RunLogs } from '../files/run-logs';
import { searchLog } from './search-log';

/** One request looks this long, in ms, and at this many bytes, at most. */
const budgetMs = 250;
const budgetBytes = 256 * 1024 * 1024;
/** Searches that go on at the same time, and those that may wait for that. */
const atOnce = 2;
const mayWait = 16;

/** Finds lines in whole logs, a bounded part per request. */
@Injectable()
export class LogSearcher {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly logs: RunLogs,
    private readonly starts: LogStarts,
  ) {}

  /** @throws AppError `not_found`; `rate_limited` when too many search at the same time */
  async search({ params, query }: RouteInput<typeof routes.searchLog>): Promise<LogSearch> {
    const log = await this.logs.find(params.id, query.run ?? null);
    if (!log) return { run: null, hits: [], next: null, searched: 0, start: 0, size: 0 };
    await this.enter();
    try {
      return { run: log.run.id, ...(await this.look(log, query)) };
    } finally {
      this.running -= 1;
      this.waiting.shift()?.();
    }
  }

  private look({ run, path }: RunLog, query: RouteInput<typeof routes.searchLog>['query']) {
    const deadline = performance.now() + budgetMs;
    const size = logEnd(run);
    const start = Math.min(this.starts.of(run.id, run.log_start), size);
    return LogFile.using(path, async (file) => {
      if (!file) return { hits: [], next: null, searched: 0, start: size, size };
      return searchLog(file, {
        pattern: query.text === undefined ? troublePattern : textPattern(query.text, query.match_case),
        from: query.from,
        back: query.back,
        limit: query.limit,
        start,
        size,
        spent: (searched) => searched >= budgetBytes || performance.now() >= deadline,
      });
    });
  }

  private async enter(): Promise<void> {
    if (this.running >= atOnce) {
      if (this.waiting.length >= mayWait) {
        throw new AppError('rate_limited', 'Too many people search in logs at this moment. Try again in a second.');
      }
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.running += 1;
  }
}
