import { type GatedSocket, send } from '@aikore/api/kernel';
import { sockets } from '@aikore/contract';
import type { LiveSession } from '../sessions/live-session';
import type { SessionViewer, ViewerSink } from '../sessions/session-viewer';

const { messages } = sockets.terminals;
/**
 * Bytes that may wait for the network before a connection is given no more. Acknowledgements bound a client that reads
 * too slowly; this bounds one that does not read and invents its acknowledgements.
 */
const maxWaiting = 8 * 1024 * 1024;

/** A terminal that this connection looks at. */
export interface Attached {
  readonly session: LiveSession;
  readonly viewer: SessionViewer;
}

/** The terminals that one connection looks at, and what they send it. */
export class SocketTerminals {
  /** By the name that the client chose. */
  readonly attached = new Map<string, Attached>();
  /** Bytes that engine.io has in its queue, and those that it gave to the network. */
  private queued = 0;
  private inFlight = 0;
  private isCongested = false;

  constructor(private readonly socket: GatedSocket) {
    socket.conn.on('flush', this.flushed);
    socket.conn.on('drain', this.drained);
  }

  /** @param over called when the terminal has ended */
  sink(subscription: string, over: () => void): ViewerSink {
    const { socket } = this;
    return {
      screen: (screen) => {
        this.queued += screen.data.length;
        send(socket, messages.screen, { subscription, ...screen });
      },
      output: (data) => {
        this.queued += data.length;
        send(socket, messages.output, { subscription, data });
      },
      resized: (cols, rows) => send(socket, messages.resized, { subscription, cols, rows }),
      ended: (ending) => {
        send(socket, messages.ended, { subscription, ending });
        over();
      },
      isCongested: () => (this.isCongested = this.queued + this.inFlight > maxWaiting),
    };
  }

  detach(subscription: string): void {
    const found = this.attached.get(subscription);
    this.attached.delete(subscription);
    found?.session.detach(found.viewer);
  }

  close(): void {
    this.socket.conn.off('flush', this.flushed);
    this.socket.conn.off('drain', this.drained);
    for (const subscription of [...this.attached.keys()]) this.detach(subscription);
  }

  private readonly flushed = (): void => {
    this.inFlight += this.queued;
    this.queued = 0;
  };

  private readonly drained = (): void => {
    this.inFlight = 0;
    if (!this.isCongested) return;
    for (const { session } of this.attached.values()) session.proceed();
  };
}
