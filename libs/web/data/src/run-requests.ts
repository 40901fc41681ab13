import { Injectable, signal } from '@angular/core';
import type { Run } from '@aikore/contract';

/** Somebody wants to see the log of a certain run: who shows logs takes it from here. */
@Injectable({ providedIn: 'root' })
export class RunRequests {
  private readonly wanted = signal<{ readonly instanceId: number; readonly run: string } | null>(null);

  /** The request that nobody has taken yet. */
  readonly pending = this.wanted.asReadonly();

  show(run: Pick<Run, 'id' | 'instance_id'>): void {
    this.wanted.set({ instanceId: run.instance_id, run: run.id });
  }

  /** Takes the request for an instance, if there is one. @returns the run's id */
  take(instanceId: number): string | null {
    const wanted = this.wanted();
    if (wanted?.instanceId !== instanceId) return null;
    this.wanted.set(null);
    return wanted.run;
  }
}
