import { Injectable } from '@nestjs/common';

/**
 * First kept byte of the running runs' logs, ahead of the database. It is raised *before* the bytes are dropped: whoever
 * read bytes and then finds the start still below them has real ones.
 */
@Injectable()
export class LogStarts {
  private readonly starts = new Map<string, number>();
  private readonly listeners = new Set<(runId: string) => void>();

  /** @param stored what the database says */
  of(runId: string, stored = 0): number {
    return Math.max(stored, this.starts.get(runId) ?? 0);
  }

  set(runId: string, start: number): void {
    this.starts.set(runId, start);
    for (const listener of this.listeners) listener(runId);
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
