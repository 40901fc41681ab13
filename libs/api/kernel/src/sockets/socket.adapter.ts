import type { IncomingMessage } from 'node:http';
import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Namespace, Server, ServerOptions, Socket } from 'socket.io';
import type { DomainEvents } from '../events/domain-events';
import type { Gate } from '../http/gate';
import type { Identity } from '../http/identity';

type Judged = IncomingMessage & { identity?: Identity };

/**
 * socket.io behind the gate. Origin and credentials are judged in `allowRequest`, the one hook that also covers plain
 * WebSockets (`cors.origin` does not), and each namespace refuses a socket that has no identity.
 */
export class GatedSocketAdapter extends IoAdapter {
  constructor(
    app: INestApplicationContext,
    private readonly gate: Gate,
    private readonly events: DomainEvents,
  ) {
    super(app);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    const server = super.createIOServer(port, {
      ...options,
      serveClient: false,
      // Long polling would need every request judged and its own CSRF rule; every client of ours speaks WebSocket.
      transports: ['websocket'],
      maxHttpBufferSize: 1024 * 1024,
      perMessageDeflate: false,
      destroyUpgrade: false,
      allowRequest: (request: Judged, done: (error: string | null, ok: boolean) => void) => {
        void this.admit(request).then((ok) => done(null, ok));
      },
    } as ServerOptions) as Server;
    server.on('new_namespace', (namespace: Namespace) => namespace.use(carryIdentity));
    server.use(carryIdentity);
    this.events.on('credential.ended', ({ credential }) => this.disconnect(server, credential));
    return server;
  }

  private async admit(request: Judged): Promise<boolean> {
    try {
      const verdict = await this.gate.judge(request, { kind: 'console' });
      if (verdict.refused || !verdict.identity) return false;
      request.identity = verdict.identity;
      return true;
    } catch {
      return false; // a gate that cannot tell lets nobody in
    }
  }

  private disconnect(server: Server, credential: string): void {
    for (const namespace of server._nsps.values()) {
      for (const socket of namespace.sockets.values()) {
        const identity = (socket.data as { identity?: Identity }).identity;
        if (identity?.credential === credential) socket.disconnect(true);
      }
    }
  }
}

function carryIdentity(socket: Socket, next: (error?: Error) => void): void {
  const identity = (socket.request as Judged).identity;
  if (!identity) return next(new Error('unauthenticated'));
  (socket.data as { identity?: Identity }).identity = identity;
  next();
}
