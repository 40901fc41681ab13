import { type GatedSocket, send } from '@aikore/api/kernel';
import { sockets } from '@aikore/contract';
import type { LogSubscription } from './log-subscription';
import type { LogViewer } from './log-viewer';

/**
 * Packets that may wait for the network before a socket is given no more. The window bounds a client that reads too
 * slowly; this bounds one that does not read and invents its acknowledgements.
 */
const maxWaitingPackets = 512;
const { messages } = sockets.logs;

/** The subscriptions of one socket, and what they send it. */
export class SocketLogs {
  /** By the name that the client chose. */
  readonly subscriptions = new Map<string, LogSubscription>();
  private congested = false;

  constructor(private readonly socket: GatedSocket) {
    socket.conn.on('drain', this.drained);
  }

  viewer(subscription: string): LogViewer {
    const { socket } = this;
    return {
      chunk: (run, offset, data) => send(socket, messages.chunk, { subscription, run, offset, data }),
      gap: (run, from, to, reason) => send(socket, messages.gap, { subscription, run, from, to, reason }),
      runBegan: (run) => send(socket, messages.run, { subscription, run }),
      runEnded: (run) => send(socket, messages.end, { subscription, run }),
      congested: () => (this.congested = this.waiting() > maxWaitingPackets),
    };
  }

  close(): void {
    this.socket.conn.off('drain', this.drained);
  }

  private readonly drained = (): void => {
    if (!this.congested) return;
    this.congested = false;
    for (const subscription of this.subscriptions.values()) subscription.proceed();
  };

  /** engine.io keeps what the network did not take yet in a list that its documentation names but its types hide. */
  private waiting(): number {
    return (this.socket.conn as unknown as { writeBuffer: readonly unknown[] }).writeBuffer.length;
  }
}
