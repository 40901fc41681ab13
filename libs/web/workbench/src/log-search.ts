import { Injectable, inject, signal } from '@angular/core';
import { routes, type LogHit, type LogSearch as Answer } from '@aikore/contract';
import { ApiClient } from '@aikore/web/data';

export interface LogQuest {
  readonly instanceId: number;
  readonly run: string;
  /** null: the first sign of trouble. */
  readonly text: string | null;
  /** The start of a line; undefined: the end of the log that the direction begins with. */
  readonly from: number | undefined;
  readonly back: boolean;
}

/** Searches a whole run on the server, request by request, until something is found. One search at a time. */
@Injectable()
export class LogSearch {
  private readonly api = inject(ApiClient);
  private readonly progress = signal<number | null>(null);
  private current = 0;

  /** Bytes looked at so far; null: nobody searches. */
  readonly searched = this.progress.asReadonly();

  /**
   * @returns null when there is none, `cancelled` when it was given up
   * @throws ApiError
   */
  async find({ instanceId, run, text, from, back }: LogQuest): Promise<LogHit | 'cancelled' | null> {
    const mine = ++this.current;
    this.progress.set(0);
    try {
      for (let place: number | null | undefined = from; place !== null;) {
        const { hits, next, searched }: Answer = await this.api.call(routes.searchLog, {
          params: { id: instanceId },
          query: { run, text: text ?? undefined, from: place, back: String(back) as 'true' },
        });
        if (mine !== this.current) return 'cancelled';
        if (hits[0]) return hits[0];
        this.progress.update((sum) => (sum ?? 0) + searched);
        place = searched > 0 ? next : null;
      }
      return null;
    } finally {
      if (mine === this.current) this.progress.set(null);
    }
  }

  cancel(): void {
    this.current++;
    this.progress.set(null);
  }
}
