import { type INestApplicationContext, Logger } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { WsMessageHandler } from '@nestjs/common/interfaces';
import type { Event, Namespace, Server, ServerOptions, Socket } from 'socket.io';
import { type Ack, type SocketRequest, sockets } from '@aikore/contract';
import { AppError } from '../errors/app-error';
import type { DomainEvents } from '../events/domain-events';
import type { Gate } from '../http/gate';
import type { Identity } from '../http/identity';
import { type AdmittedRequest, SocketAdmission } from './socket-admission';
import type { ConnectionLimits } from './socket-limiter';

const requests = Object.values(sockets).flatMap(({ requests }) => Object.values(requests) as SocketRequest[]);
const requestNames = new Set(requests.map(({ name }) => name));
const pacedNames = new Set(requests.filter(({ paced }) => paced).map(({ name }) => name));

/** An engine.io connection, of which socket.io's types show no more than a name. */
interface Connection {
  readonly request: AdmittedRequest;
  readonly readyState: string;
  close(discard: boolean): void;
  on(event: 'packet', listener: () => void): void;
}
interface Engine {
  readonly clients: Readonly<Record<string, Connection>>;
  use(middleware: SocketAdmission['middleware']): void;
  on(event: 'connection', listener: (connection: Connection) => void): void;
}
type Next = (error?: Error) => void;

/** Credentials that ended lately; none of them ever comes back, so the bound only limits memory. */
const maxEnded = 1000;
/** How long a client may take to close its side once its credential has ended; within the second that is promised. */
const closeGraceMs = 500;

const tooMuch: Ack<never> = {
  ok: false,
  error: new AppError(
    'rate_limited',
    'These are more requests than a connection may send. Wait a second; one that goes on is closed.',
  ).toWire(),
};

/**
 * socket.io behind the gate. Origin and credentials are judged before engine.io sees a request (`cors.origin` does not
 * cover WebSockets), and each namespace refuses a socket that has no identity.
 */
export class GatedSocketAdapter extends IoAdapter {
  private readonly ended = new Set<string>();
  private readonly greedy = new WeakSet<AdmittedRequest>();
  private readonly logger = new Logger('Sockets');
  private readonly admission: SocketAdmission;

  constructor(
    app: INestApplicationContext,
    gate: Gate,
    private readonly events: DomainEvents,
  ) {
    super(app);
    this.admission = new SocketAdmission(gate);
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
      allowRequest: ({ limits }: AdmittedRequest, done: (error: string | null, ok: boolean) => void) => {
        done(null, limits !== undefined);
      },
    } as ServerOptions) as Server;
    const engine = engineOf(server);
    engine.use(this.admission.middleware);
    engine.on('connection', (connection) => this.bound(server, connection));
    const admit = (socket: Socket, next: Next): void => this.admit(server, socket, next);
    server.on('new_namespace', (namespace: Namespace) => namespace.use(admit));
    server.use(admit);
    this.events.on('credential.ended', ({ credential }) => {
      this.remember(credential);
      close(server, ({ identity }) => identity?.credential === credential);
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

  /** A credential can end between the upgrade and the joining of a namespace: judged again here. */
  private admit(server: Server, socket: Socket, next: Next): void {
    const { identity, limits } = socket.request as AdmittedRequest;
    if (!identity || !limits || this.ended.has(identity.credential)) return next(new Error('unauthenticated'));
    // socket.io itself sees that a namespace is joined already only once the first join is done.
    const allowance = limits.join(socket.nsp.name, performance.now());
    if (allowance === 'close') this.closeGreedy(server, socket.request);
    if (allowance !== 'go') return next(new Error('rate_limited'));
    socket.once('disconnect', () => limits.leave(socket.nsp.name));
    (socket.data as { identity?: Identity }).identity = identity;
    socket.use((event, go) => this.weigh(server, { socket, limits }, event, go));
    next();
  }

  private weigh(
    server: Server,
    { socket, limits }: { socket: Socket; limits: ConnectionLimits },
    event: Event,
    go: () => void,
  ): void {
    if (!socket.connected) return; // closed with some of its requests still in our hands
    const allowance = pacedNames.has(event[0]) ? 'go' : limits.request(performance.now());
    if (allowance === 'go') return go();
    if (allowance === 'close') return this.closeGreedy(server, socket.request);
    const answer: unknown = event.at(-1);
    if (typeof answer === 'function') (answer as (ack: Ack<never>) => void)(tooMuch);
  }

  /** What is no request of a namespace counts too: acknowledgements, unknown names, joins of what is not there. */
  private bound(server: Server, connection: Connection): void {
    const { request } = connection;
    connection.on('packet', () => {
      if (request.limits?.packet(performance.now()) === 'close') this.closeGreedy(server, request);
    });
  }

  private closeGreedy(server: Server, request: AdmittedRequest): void {
    if (this.greedy.has(request)) return;
    this.greedy.add(request);
    this.logger.warn(`A connection of ${request.identity?.username} sent far more than it may, and was closed.`);
    close(server, (one) => one === request);
  }

  private remember(credential: string): void {
    this.ended.add(credential);
    if (this.ended.size <= maxEnded) return;
    const [oldest] = this.ended;
    if (oldest !== undefined) this.ended.delete(oldest);
  }
}

const engineOf = (server: Server): Engine => server.engine as unknown as Engine;

/** Close the connections of some requests: each of their sockets, then what lies below. */
function close(server: Server, isMeant: (request: AdmittedRequest) => boolean): void {
  for (const namespace of server._nsps.values()) {
    for (const socket of namespace.sockets.values()) if (isMeant(socket.request)) socket.disconnect(true);
  }
  // Connections that have not joined a namespace are known to the engine only.
  for (const connection of Object.values(engineOf(server).clients)) {
    if (!isMeant(connection.request)) continue;
    connection.close(false);
    // Neither one that has stopped reading what was sent before nor one that does not answer the close frame is
    // waited for (ws would, for 30 s).
    setTimeout(() => connection.request.socket.destroy(), closeGraceMs).unref();
  }
}
