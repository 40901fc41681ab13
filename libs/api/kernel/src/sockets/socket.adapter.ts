import type { IncomingMessage } from 'node:http';
import { type INestApplicationContext, Logger } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { WsMessageHandler } from '@nestjs/common/interfaces';
import type { Namespace, Server, ServerOptions, Socket } from 'socket.io';
import { type SocketRequest, sockets } from '@aikore/contract';
import type { DomainEvents } from '../events/domain-events';
import type { Gate } from '../http/gate';
import type { Identity } from '../http/identity';

const requestNames = new Set(
  Object.values(sockets).flatMap(({ requests }) => Object.values(requests).map(({ name }: SocketRequest) => name)),
);

type Judged = IncomingMessage & { identity?: Identity };
type Connection = { request: Judged; close(discard: boolean): void };
type Next = (error?: Error) => void;

/** Credentials that ended lately; none of them ever comes back, so the bound only limits memory. */
const maxEnded = 1000;
/** How long a client may take to close its side once its credential has ended; within the second that is promised. */
const closeGraceMs = 500;

/**
 * socket.io behind the gate. Origin and credentials are judged in `allowRequest`, the one hook that also covers plain
 * WebSockets (`cors.origin` does not), and each namespace refuses a socket that has no identity.
 */
export class GatedSocketAdapter extends IoAdapter {
  private readonly ended = new Set<string>();
  private readonly logger = new Logger('Sockets');

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
        done(null, this.admit(request));
      },
    } as ServerOptions) as Server;
    const carryIdentity = (socket: Socket, next: Next): void => this.carryIdentity(socket, next);
    server.on('new_namespace', (namespace: Namespace) => namespace.use(carryIdentity));
    server.use(carryIdentity);
    this.events.on('credential.ended', ({ credential }) => {
      this.remember(credential);
      this.disconnect(server, credential);
    });
    return server;
  }

  /** Default deny: a handler that the contract does not know is reachable for nobody (its role is unknown). */
  override bindMessageHandlers(...[socket, handlers, transform]: Parameters<IoAdapter['bindMessageHandlers']>): void {
    const isKnown = ({ message }: WsMessageHandler): boolean => requestNames.has(message as string);
    const unknown = handlers.filter((handler) => !isKnown(handler)).map(({ message }) => String(message));
    if (unknown.length > 0) this.logger.error(`Not in the contract, and so closed: ${unknown.join(', ')}`);
    super.bindMessageHandlers(socket, handlers.filter(isKnown), transform);
  }

  private admit(request: Judged): boolean {
    try {
      const verdict = this.gate.judge(request, { kind: 'console', required: true });
      if (verdict.refused || !verdict.identity) return false;
      request.identity = verdict.identity;
      return true;
    } catch {
      return false; // a gate that cannot tell lets nobody in
    }
  }

  /** A credential can end between the upgrade and the joining of a namespace: judged again here. */
  private carryIdentity(socket: Socket, next: Next): void {
    const identity = (socket.request as Judged).identity;
    if (!identity || this.ended.has(identity.credential)) return next(new Error('unauthenticated'));
    (socket.data as { identity?: Identity }).identity = identity;
    next();
  }

  private remember(credential: string): void {
    this.ended.add(credential);
    if (this.ended.size <= maxEnded) return;
    const [oldest] = this.ended;
    if (oldest !== undefined) this.ended.delete(oldest);
  }

  private disconnect(server: Server, credential: string): void {
    for (const namespace of server._nsps.values()) {
      for (const socket of namespace.sockets.values()) {
        const identity = (socket.data as { identity?: Identity }).identity;
        if (identity?.credential === credential) socket.disconnect(true);
      }
    }
    // Connections that have not joined a namespace are known to the engine only. `true` does not wait for a client
    // that has stopped reading.
    const { clients } = server.engine as unknown as { clients: Record<string, Connection> };
    for (const client of Object.values(clients)) {
      if (client.request.identity?.credential !== credential) continue;
      client.close(true);
      // A client that does not answer the close frame would keep its connection for 30 s (ws).
      setTimeout(() => client.request.socket.destroy(), closeGraceMs).unref();
    }
  }
}
