import { Injectable, inject } from '@angular/core';
import { sockets } from '@aikore/contract';
import { Connection } from './connection';
import { LogStream, type LogListener, type LogTarget } from './log-stream';

/** Opens log streams. */
@Injectable({ providedIn: 'root' })
export class LogStreams {
  private readonly channel = inject(Connection).channel(sockets.logs.namespace);

  /** Watches a log until it is closed. */
  open(target: LogTarget, listener: LogListener): LogStream {
    return new LogStream(this.channel, target, listener);
  }
}
