import { Injectable } from '@nestjs/common';
import { DataLayout, DomainEvents } from '@aikore/api/kernel';
import type { InstanceStatus } from '@aikore/contract';
import type { InstanceEntity, RunEntity } from '@aikore/database';
import type { BlueprintHeader, LifecycleEvent } from '@aikore/domain';
import { Clock, Files, type RunExit, type RunHandle } from '@aikore/platform';
import { AppPort, type PortAnswer } from './app-port';
import { RunWatch } from './run-watch';

/** Where a follower's findings go. */
export interface Findings {
  event(event: LifecycleEvent): void;
  exit(exit: RunExit): void;
}

export const isComingUp = (status: InstanceStatus): boolean =>
  status === 'installing' || status === 'starting' || status === 'stalled';

/** Follows live runs: the exit of each always, and its coming up while it is not up. */
@Injectable()
export class RunFollower {
  private readonly watches = new Map<number, RunWatch>();
  private closed = false;

  constructor(
    private readonly layout: DataLayout,
    private readonly clock: Clock,
    private readonly files: Files,
    private readonly port: AppPort,
    events: DomainEvents,
  ) {
    events.on('instance.changed', ({ instance }) => this.statusIs(instance.id, instance.status));
    events.on('instance.removed', ({ id }) => this.leave(id));
  }

  follow(
    { row, run }: { row: InstanceEntity; run: RunEntity },
    handle: RunHandle,
    header: BlueprintHeader,
    to: Findings,
  ): void {
    void handle.exited.then((exit) => {
      if (!this.closed) to.exit(exit);
    });
    this.leave(row.id);
    if (!isComingUp(row.status)) return;
    const watched = {
      header,
      progressFile: this.layout.progressFile(row.directory, run.id),
      logFile: this.layout.logFile(row.directory, run.id),
    };
    const ask = (path: string): Promise<PortAnswer> => this.port.ask(row, run, path);
    const tools = { clock: this.clock, files: this.files, ask };
    this.watches.set(row.id, new RunWatch(watched, row.status, (event) => to.event(event), tools));
  }

  close(): void {
    this.closed = true;
    for (const id of [...this.watches.keys()]) this.leave(id);
  }

  /** Keep the watch in step with the instance; nothing is left to watch for once it is up, or ending. */
  private statusIs(id: number, status: InstanceStatus): void {
    if (isComingUp(status)) this.watches.get(id)?.statusIs(status);
    else this.leave(id);
  }

  private leave(id: number): void {
    this.watches.get(id)?.stop();
    this.watches.delete(id);
  }
}
