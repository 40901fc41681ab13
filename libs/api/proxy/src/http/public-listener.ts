import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { answerRaw, AppError, errorBody, hostCount, listenAddresses } from '@aikore/api/kernel';
import { declineUpgrade, isIgnoredUpgrade } from './decline-upgrade';

/** What is done with requests that got through the listener's own checks. */
export interface Reception {
  request(request: IncomingMessage, response: ServerResponse): void;
  /** `socket` carries an error listener already. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** Milliseconds without a byte after which a connection is given up: long polls, event streams, sockets. */
export const idleLimit = 60 * 60 * 1000;
/** Milliseconds that `close` lets answers finish. */
const closeGrace = 500;

const serverOptions: ServerOptions = {
  // Headers must arrive within this time (slowloris); a body may take as long as bytes keep coming.
  headersTimeout: 20_000,
  requestTimeout: 0,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 65_000,
  maxHeaderSize: 32 * 1024,
  insecureHTTPParser: false,
  requireHostHeader: true,
};

/** One public port, on one or two addresses, behind hardened HTTP servers. */
export class PublicListener {
  private readonly sockets = new Set<Socket>();
  private readonly servers: Server[] = [];
  port = 0;

  constructor(private readonly reception: Reception) {}

  /**
   * @param port 0: any free one
   * @throws the `listen` error of the first address that fails; nothing is left open then. A second loopback address
   *   that the machine lacks (IPv6 turned off) is passed over.
   */
  async open(host: string, port: number): Promise<void> {
    this.port = port;
    try {
      for (const address of listenAddresses(host)) await this.listenOn(address);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Stop listening at once, let answers finish for half a second, then destroy what is left. */
  async close(grace = closeGrace): Promise<void> {
    const closed = this.servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const server of this.servers) server.closeIdleConnections();
    const destroyAll = () => this.sockets.forEach((socket) => socket.destroy());
    const timer = setTimeout(destroyAll, grace);
    await Promise.all(closed);
    clearTimeout(timer);
    this.servers.length = 0;
  }

  private async listenOn(address: string): Promise<void> {
    const server = this.createServer();
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host: address, port: this.port }, () => {
          server.off('error', reject);
          resolve();
        });
      });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (this.servers.length > 0 && (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT')) return;
      throw error;
    }
    // An error after this one is about a single connection (EMFILE on accept): the listener goes on.
    server.on('error', () => undefined);
    this.servers.push(server);
    this.port = (server.address() as { port: number }).port;
  }

  /**
   * There is no `clientError` listener on purpose: node's own answer to what it cannot parse (400, 408, 431) is left
   * out when an answer is under way on that connection, and it closes the connection in any case.
   */
  private createServer(): Server {
    const server = createServer(serverOptions);
    server.timeout = idleLimit;
    server.on('connection', (socket) => {
      if (this.sockets.has(socket)) return; // handed back by declineUpgrade
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    server.on('request', (request, response) => {
      // A pipelined request waits for its turn. Until then its response has no socket and is told nothing when the
      // visitor goes away, so an answer in the making would stay for ever.
      if (response.socket) this.onRequest(request, response);
      else response.once('socket', () => this.onRequest(request, response));
    });
    server.on('upgrade', (request, socket, head) => this.onUpgrade(server, request, socket, head));
    server.on('connect', (_request, socket) => answerRaw(socket, 405, errorBody(methodRefused('CONNECT').error)));
    return server;
  }

  private onRequest(request: IncomingMessage, response: ServerResponse): void {
    const refused = refusalOf(request);
    if (refused) refuse(response, refused);
    else this.reception.request(request, response);
  }

  private onUpgrade(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (isIgnoredUpgrade(request)) {
      declineUpgrade(server, request, socket, head);
      return;
    }
    socket.on('error', () => socket.destroy());
    const refused = refusalOf(request) ?? (hasBody(request) ? refusal(400, 'An upgrade must not have a body.') : null);
    if (refused) answerRaw(socket, refused.status, errorBody(refused.error));
    else this.reception.upgrade(request, socket, head);
  }
}

/** Why a request is refused before anybody looks at it. */
interface Refusal {
  status: 400 | 405;
  error: AppError;
}

const refusal = (status: Refusal['status'], message: string): Refusal => ({
  status,
  error: new AppError('validation_failed', message),
});
const methodRefused = (method: string): Refusal => refusal(405, `The method ${method} is not served here.`);
const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** What no part of the server wants to see. */
function refusalOf(request: IncomingMessage): Refusal | null {
  if (request.method === 'TRACE') return methodRefused('TRACE');
  // Only origin-form: in absolute-form the target and the Host header could name different apps.
  if (request.url?.charCodeAt(0) !== 47) return refusal(400, 'The request target must be a path that begins with "/".');
  return hostCount(request) > 1 ? refusal(400, 'The request has more than one Host header.') : null;
}

function refuse(response: ServerResponse, { status, error }: Refusal): void {
  response.writeHead(status, ['Content-Type', 'application/json; charset=utf-8', 'Connection', 'close']);
  response.end(errorBody(error));
}
