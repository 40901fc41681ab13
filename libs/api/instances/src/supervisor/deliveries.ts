import { Injectable, Logger } from '@nestjs/common';
import { AppError, Mailbox, sentenceOf } from '@aikore/api/kernel';
import { Clock } from '@aikore/platform';

const longestWaitMs = 30_000;

/**
 * The mailboxes of the instances. A request is tried once and tells its caller; a report (an app ended, a tree is
 * gone) is a fact that must not be lost because a write failed, say on a full disk: it is delivered again until it is
 * taken.
 */
@Injectable()
export class Deliveries {
  private readonly logger = new Logger(Deliveries.name);
  private readonly mailbox = new Mailbox<number>();
  private closed = false;

  constructor(private readonly clock: Clock) {}

  request<T>(id: number, task: () => Promise<T>): Promise<T> {
    return this.mailbox.post(id, task);
  }

  /** Resolves when the report was taken, or concerns nobody any more; never rejects. */
  async report(id: number, what: string, task: () => Promise<unknown>, waitMs = 1000): Promise<void> {
    if (this.closed) return;
    try {
      await this.mailbox.post(id, task);
    } catch (error) {
      if (this.closed || (error instanceof AppError && error.code === 'not_found')) return;
      this.logger.error(`Instance ${id}, ${what}: ${sentenceOf(error)} This is done again in ${waitMs / 1000} s.`);
      await new Promise<void>((resolve) => this.clock.setTimeout(resolve, waitMs));
      return this.report(id, what, task, Math.min(longestWaitMs, waitMs * 2));
    }
  }

  /** Take no more reports, and let what is under way end. */
  async close(): Promise<void> {
    this.closed = true;
    await this.mailbox.idle();
  }
}
