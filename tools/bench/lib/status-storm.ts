import type { Instance, InstanceStatus } from '@aikore/contract';
import type { BrowserContext, WebSocketRoute } from '@playwright/test';

const statuses: readonly InstanceStatus[] = ['installing', 'starting', 'started', 'stopping', 'stopped', 'error'];

/** Changes of status that a console receives as the server would send them, so many a second. */
export class StatusStorm {
  private readonly sockets = new Set<WebSocketRoute>();
  private timer: NodeJS.Timeout | undefined;
  private turn = 0;

  private constructor(private readonly instances: readonly Instance[]) {}

  /** Stands between the pages of a context and the server; everything else passes. */
  static async between(context: BrowserContext, instances: readonly Instance[]): Promise<StatusStorm> {
    const storm = new StatusStorm(instances);
    await context.routeWebSocket(/socket\.io/, (socket) => {
      socket.connectToServer();
      storm.sockets.add(socket);
    });
    return storm;
  }

  start(perSecond: number): void {
    this.timer = setInterval(() => this.change(), 1000 / perSecond);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private change(): void {
    this.turn += 1;
    // Neighbours one after the other: a third of them are rows in sight.
    const instance = this.instances[(this.turn * 7) % this.instances.length];
    const status = statuses[this.turn % statuses.length] ?? 'stopped';
    const progress =
      status === 'installing' ? { phase: 'install', step: (this.turn % 7) + 1, steps: 7, text: 'pip install' } : null;
    const changed = { ...instance, status, progress, status_since: new Date().toISOString() };
    // Engine.IO message, Socket.IO event, of the namespace.
    const packet = `42/instances,${JSON.stringify(['instance:changed', changed])}`;
    for (const socket of this.sockets) socket.send(packet);
  }
}
