import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Res } from '@nestjs/common';
import { Endpoint, Input } from '@aikore/api/kernel';
import { logHeaders, type LogSearch, type RouteInput, routes, type Run } from '@aikore/contract';
import type { Response } from 'express';
import { assertFromOrTail } from '../files/from-or-tail';
import { LogStarts } from '../files/log-starts';
import { type RunLog, RunLogs } from '../files/run-logs';
import { LogSearcher } from '../search/log-search';
import { downloadLog, downloadName } from './log-download';
import { readLogPart } from './read-log';

/** Runs of an instance, and their logs for scrollback and download. */
@Controller()
export class LogsController {
  constructor(
    private readonly logs: RunLogs,
    private readonly starts: LogStarts,
    private readonly searcher: LogSearcher,
  ) {}

  @Endpoint(routes.listRuns)
  list(@Input() { params }: RouteInput<typeof routes.listRuns>): Promise<Run[]> {
    return this.logs.list(params.id);
  }

  @Endpoint(routes.readLog)
  async read(@Input() { params, query }: RouteInput<typeof routes.readLog>, @Res() response: Response): Promise<void> {
    assertFromOrTail(query, 'query.tail');
    const log = await this.logs.find(params.id, query.run ?? null);
    // Bytes as the app wrote them: they may be no UTF-8 at all, and must never be taken for HTML.
    response.set({ 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' });
    if (!log) {
      response.set({ [logHeaders.offset]: '0', [logHeaders.next]: '0', [logHeaders.size]: '0' }).end();
    } else if (query.download) {
      await this.download(log, response);
    } else {
      const { data, offset, next, size } = await readLogPart(log, query, this.starts);
      response.set({
        [logHeaders.run]: log.run.id,
        [logHeaders.offset]: String(offset),
        [logHeaders.next]: String(next),
        [logHeaders.size]: String(size),
      });
      response.end(data);
    }
  }

  @Endpoint(routes.searchLog)
  search(@Input() input: RouteInput<typeof routes.searchLog>): Promise<LogSearch> {
    return this.searcher.search(input);
  }

  private async download(log: RunLog, response: Response): Promise<void> {
    response.set({
      [logHeaders.run]: log.run.id,
      'Content-Disposition': `attachment; filename="${downloadName(log)}"`,
    });
    try {
      await pipeline(Readable.from(downloadLog(log, this.starts)), response);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error; // the client left
    }
  }
}
