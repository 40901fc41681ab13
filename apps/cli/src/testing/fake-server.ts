import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorStatus, type ErrorCode, type Instance, logFlow, logHeaders, type Run, sockets } from '@aikore/contract';
import { Server, type Socket } from 'socket.io';

export const token = 'aik_id1_secret';
const cookie = 'aikore_session=abc';
const { requests, messages } = sockets.logs;

/** A small server that speaks AiKore's API over real HTTP and socket.io, with what it knows in memory. */
export class FakeServer {
  instances: Instance[] = [];
  /** Newest first. */
  runs: Run[] = [];
  readonly logs = new Map<string, Buffer>();
  readonly seen: { method: string; path: string; body: unknown; headers: IncomingMessage['headers'] }[] = [];
  /** Offsets that clients acknowledged. */
  readonly acks: number[] = [];
  joins = 0;
  /** What was asked for with each join. */
  readonly wishes: object[] = [];
  /** API tokens that it knows. */
  readonly tokens = new Set([token]);
  /** Answers the next list of runs. */
  onRuns: (() => Run[]) | null = null;
  /** Answer to the next actions; null: they are never answered. */
  onAction: (() => Instance | ErrorCode | null) | null = null;
  private readonly viewers = new Set<() => void>();

  private constructor(
    private readonly http: HttpServer,
    private readonly io: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<FakeServer> {
    const http = createServer((request, response) => void server.handle(request, response));
    const io = new Server(http, {
      transports: ['websocket'],
      allowRequest: (request, done) => done(null, request.headers.authorization === `Bearer ${token}`),
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const server = new FakeServer(http, io, `http://127.0.0.1:${(http.address() as AddressInfo).port}`);
    io.of(sockets.logs.namespace).on('connection', (socket) => server.serveLogs(socket));
    return server;
  }

  /** Append to a run's log. */
  write(run: string, data: string | Buffer): void {
    this.logs.set(run, Buffer.concat([this.logs.get(run) ?? Buffer.alloc(0), Buffer.from(data)]));
    this.wake();
  }

  end(run: string): void {
    this.runs = this.runs.map((one) => (one.id === run ? { ...one, ended_at: 'now', exit_code: 3 } : one));
    this.wake();
  }

  /** Cut every socket, in the middle of whatever goes on. */
  breakConnections(): void {
    for (const socket of this.io.of(sockets.logs.namespace).sockets.values()) socket.conn.close();
  }

  async close(): Promise<void> {
    await this.io.close();
    this.http.closeAllConnections();
  }

  private wake(): void {
    for (const wake of this.viewers) wake();
  }

  private serveLogs(socket: Socket): void {
    socket.on(requests.join.name, (wish: Record<string, unknown>, answer: (ack: unknown) => void) => {
      this.joins += 1;
      this.wishes.push(wish);
      const parsed = requests.join.payload.parse(wish);
      let run = this.runs.find(({ id }) => id === parsed.run) ?? this.runs[0];
      const end = (run && this.logs.get(run.id)?.length) ?? 0;
      let sent = parsed.from ?? Math.max(0, end - (parsed.tail ?? logFlow.snapshot));
      let acked = sent;
      answer({ ok: true, data: { run: run ?? null, offset: sent } });
      const pump = (): void => {
        const { subscription } = parsed;
        const content = (run && this.logs.get(run.id)) ?? Buffer.alloc(0);
        while (run && sent < content.length && sent - acked < logFlow.window) {
          const data = content.subarray(sent, sent + 1000);
          socket.emit(messages.chunk.name, { subscription, run: run.id, offset: sent, data });
          sent += data.length;
        }
        const current = this.runs.find(({ id }) => id === run?.id);
        const next = this.runs[this.runs.findIndex(({ id }) => id === run?.id) - 1];
        if (!current?.ended_at || sent < content.length) return;
        socket.emit(messages.end.name, { subscription, run: current });
        this.viewers.delete(pump);
        if (!parsed.follow || !next) return;
        socket.emit(messages.run.name, { subscription, run: next });
        [run, sent, acked] = [next, 0, 0];
        this.viewers.add(pump);
        pump();
      };
      this.viewers.add(pump);
      socket.on('disconnect', () => this.viewers.delete(pump));
      socket.on(requests.ack.name, (ack: { offset: number; run: string }) => {
        if (ack.run !== run?.id) return;
        this.acks.push(ack.offset);
        acked = ack.offset;
        pump();
      });
      pump();
    });
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const text = Buffer.concat(pieces).toString();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const url = new URL(request.url ?? '/', this.url);
    const method = request.method ?? 'GET';
    this.seen.push({ method, path: `${url.pathname}${url.search}`, body, headers: request.headers });
    const authorised = this.knows(request.headers.authorization) || request.headers.cookie === cookie;
    if (!authorised && url.pathname !== '/api/auth/login') return fail(response, 'unauthenticated');
    this.route(method, url, body, response);
  }

  private knows(authorization = ''): boolean {
    return [...this.tokens].some((one) => authorization === `Bearer ${one}`);
  }

  private route(method: string, url: URL, body: unknown, response: ServerResponse): void {
    const me = { username: 'ann', role: 'admin', via: 'token' };
    switch (`${method} ${url.pathname.replace(/\d+/, ':id')}`) {
      case 'POST /api/auth/login':
        if ((body as { password: string }).password !== 'correct horse') return fail(response, 'bad_credentials');
        response.setHeader('set-cookie', [`${cookie}; HttpOnly; SameSite=Strict`]);
        return json(response, me);
      case 'GET /api/auth/me':
        return json(response, me);
      case 'POST /api/tokens':
        return json(response, { id: 'id1', ...(body as object), token }, 201);
      case 'POST /api/auth/logout':
      case 'DELETE /api/tokens/id:id':
      case 'DELETE /api/instances/:id':
        return void response.writeHead(204).end();
      case 'GET /api/instances':
        return json(response, this.instances);
      case 'POST /api/instances':
        return json(response, { ...this.instances[0], ...(body as object) }, 201);
      case 'GET /api/blueprints':
        return json(response, []);
      case 'GET /api/instances/:id/runs':
        return json(response, this.onRuns?.() ?? this.runs);
      case 'GET /api/instances/:id/logs':
        return this.log(url.searchParams, response);
      default: {
        const result = this.onAction ? this.onAction() : (this.instances[0] ?? null);
        if (result === null) return;
        return typeof result === 'string' ? fail(response, result) : json(response, result, 202);
      }
    }
  }

  private log(query: URLSearchParams, response: ServerResponse): void {
    const content = this.logs.get(query.get('run') ?? '') ?? Buffer.alloc(0);
    const tail = query.get('tail');
    const from = tail ? Math.max(0, content.length - Number(tail)) : Number(query.get('from') ?? 0);
    const data = content.subarray(from, from + Number(query.get('limit') ?? content.length));
    response.setHeader(logHeaders.offset, String(from));
    response.setHeader(logHeaders.next, String(from + data.length));
    response.setHeader(logHeaders.size, String(content.length));
    response.end(data);
  }
}

function json(response: ServerResponse, data: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(data));
}

function fail(response: ServerResponse, code: ErrorCode): void {
  json(response, { error: { code, message: `No: ${code}.` } }, errorStatus[code]);
}
