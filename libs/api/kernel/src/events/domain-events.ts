import { EventEmitter } from 'node:events';
import { Injectable, Logger } from '@nestjs/common';
import type { Instance, Run, TerminalEnding, TerminalSession } from '@aikore/contract';

/** What happened, past tense, with what a listener needs. */
export interface DomainEventMap {
  'instance.changed': { instance: Instance };
  'instance.removed': { id: number };
  /** All ids in display order. */
  'instances.ordered': { ids: number[] };
  /** `directory`: the instance's folder name, below which the run's files are. */
  'run.started': { instanceId: number; directory: string; run: Run };
  'run.ended': { instanceId: number; directory: string; run: Run };
  /** A person saved another launch.sh; `etag` names its bytes. */
  'script.changed': { instanceId: number; etag: string };
  /** A custom blueprint was written. */
  'blueprints.changed': { filename: string };
  /** `owner`: whose terminal it is (libs/api/terminals). */
  'terminal.opened': { owner: string; session: TerminalSession };
  'terminal.changed': { owner: string; session: TerminalSession };
  'terminal.closed': { owner: string; id: string; instance_id: number; ending: TerminalEnding };
  /** A session or token was ended: `credential` is the one in `Identity`. */
  'credential.ended': { credential: string };
}

type Listener<K extends keyof DomainEventMap> = (event: DomainEventMap[K]) => void;

/** Typed in-process events. A listener that throws is logged and does not stop the others. */
@Injectable()
export class DomainEvents {
  private readonly emitter = new EventEmitter().setMaxListeners(0);
  private readonly logger = new Logger('Events');

  /** @returns the function that takes the listener off again */
  on<K extends keyof DomainEventMap>(name: K, listener: Listener<K>): () => void {
    const guarded = (event: DomainEventMap[K]): void => {
      try {
        listener(event);
      } catch (error) {
        this.logger.error(`A listener of ${name} failed`, error instanceof Error ? error.stack : String(error));
      }
    };
    this.emitter.on(name, guarded);
    return () => this.emitter.off(name, guarded);
  }

  emit<K extends keyof DomainEventMap>(name: K, event: DomainEventMap[K]): void {
    this.emitter.emit(name, event);
  }
}
