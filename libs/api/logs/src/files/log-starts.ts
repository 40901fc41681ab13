import { Injectable } from '@nestjs/common';

/**
 * First kept byte of the running runs' logs; for those it goes before the database. It is raised once the bytes before
 * it are gone, and never lowered. Whoever read bytes waits for `settled`: if the start still lies below them then, they
 * are real ones, and not the NULs of a freed part.
 */
@Injectable()
export class LogStarts {
  private readonly starts = new Map<string, number>();
  private readonly freeing = new Map<string, Promise<void>>();
  private readonly listeners = new Set<(runId: string) => void>();

  /** @param stored what the database says, for a run that is not known here */
  of(runId: string, stored = 0): number {
    return this.starts.get(runId) ?? stored;
  }

  set(runId: string, start: number): void {
    this.starts.set(runId, Math.max(start, this.of(runId)));
    for (const listener of this.listeners) listener(runId);
  }

  /** Runs `free`, which drops the bytes before `start`, and raises the start once that is done. @throws as `free` */
  async raise(runId: string, start: number, free: () => Promise<void>): Promise<void> {
    const freeing = free().then(() => this.set(runId, start));
    this.freeing.set(runId, freeing);
    try {
      await freeing;
    } finally {
      this.freeing.delete(runId);
    }
  }

  /** Resolves when nothing of the run's log is being freed. */
  async settled(runId: string): Promise<void> {
    await this.freeing.get(runId)?.catch(() => undefined);
  }

  forget(runId: string): void {
    this.starts.delete(runId);
  }

  /** @returns the function that takes the listener off again */
  onChange(listener: (runId: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
