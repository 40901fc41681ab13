import { Injectable } from '@nestjs/common';
import { plainLines } from '@aikore/domain';
import { LogFile } from '@aikore/platform';

/** How much of the end of a log is looked at, in bytes. */
const window = 16 * 1024;

/** The end of a log as plain text, for the reason of a crash. */
@Injectable()
export class LogTail {
  /**
   * The last lines of a log file for a person: no escape sequences, no control characters, progress bars in their
   * final state, each at most 500 characters. Only the last 16 KiB are looked at.
   *
   * @returns no lines when there is no such file
   */
  lastLines(path: string, count: number): Promise<string[]> {
    return LogFile.using(path, async (file) => {
      if (!file) return [];
      const size = await file.size();
      const bytes = await file.read(await file.tailOffset(window, 0, size), size);
      return plainLines(bytes.toString('utf8'), count);
    });
  }
}
