import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayDisconnect,
  WebSocketGateway,
  WebSocketServer,
} from '@nestjs/websockets';
import { AppError, DomainEvents, type GatedSocket, OnRequest, remoteAddress, send } from '@aikore/api/kernel';
import { sockets, terminalLimits, type TerminalSession } from '@aikore/contract';
import type { Namespace } from 'socket.io';
import type { z } from 'zod';
import { ownerOf, TerminalSessions } from '../sessions/terminal-sessions';
import { type Attached, SocketTerminals } from './socket-terminals';

const { requests, messages, namespace } = sockets.terminals;
type Payload<Name extends keyof typeof requests> = z.output<(typeof requests)[Name]['payload']>;
type OneSession = { session: TerminalSession };

const roomOf = (owner: string): string => `owner ${owner}`;

/** Terminals, live. One socket may look at several; they go on when it ends. */
@WebSocketGateway({ namespace })
export class TerminalsGateway implements OnGatewayDisconnect<GatedSocket> {
  @WebSocketServer()
  private readonly namespace!: Namespace;
  private readonly bySocket = new Map<GatedSocket, SocketTerminals>();

  constructor(
    private readonly sessions: TerminalSessions,
    events: DomainEvents,
  ) {
    const to = (owner: string) => this.namespace.to(roomOf(owner));
    events.on('terminal.opened', ({ owner, session }) => send(to(owner), messages.opened, session));
    events.on('terminal.changed', ({ owner, session }) => send(to(owner), messages.changed, session));
    events.on('terminal.closed', ({ owner, ...closed }) => send(to(owner), messages.closed, closed));
  }

  handleDisconnect(socket: GatedSocket): void {
    this.bySocket.get(socket)?.close();
    this.bySocket.delete(socket);
  }

  @OnRequest(requests.join)
  async join(@ConnectedSocket() socket: GatedSocket): Promise<{ sessions: TerminalSession[] }> {
    const owner = ownerOf(socket.data.identity);
    // Joined before the list is read: what happens in between arrives twice rather than never.
    await socket.join(roomOf(owner));
    return { sessions: this.sessions.list(owner) };
  }

  @OnRequest(requests.open)
  async open(@ConnectedSocket() socket: GatedSocket, @MessageBody() wish: Payload<'open'>): Promise<OneSession> {
    const caller = { identity: socket.data.identity, address: remoteAddress(socket.request) };
    return { session: await this.sessions.open(caller, wish) };
  }

  @OnRequest(requests.attach)
  attach(@ConnectedSocket() socket: GatedSocket, @MessageBody() wish: Payload<'attach'>): OneSession {
    const { subscription, cols, rows } = wish;
    const session = this.sessions.find(ownerOf(socket.data.identity), wish.session);
    const mine = this.terminalsOf(socket);
    mine.detach(subscription);
    if (mine.attached.size >= terminalLimits.attached || session.viewerCount >= terminalLimits.viewers) {
      throw new AppError('rate_limited', 'This terminal is looked at in too many places. Close some of them.');
    }
    const sink = mine.sink(subscription, () => {
      if (mine.attached.get(subscription)?.viewer === viewer) mine.attached.delete(subscription);
    });
    const viewer = session.attach(sink, cols !== undefined && rows !== undefined ? { cols, rows } : null);
    mine.attached.set(subscription, { session, viewer });
    // After this turn: the answer is written before the first message.
    setImmediate(() => session.show(viewer));
    return { session: session.view };
  }

  @OnRequest(requests.input)
  async input(@ConnectedSocket() socket: GatedSocket, @MessageBody() body: Payload<'input'>): Promise<void> {
    const { session, viewer } = this.attachedAs(socket, body.subscription);
    await session.input(viewer, body.data);
  }

  @OnRequest(requests.resize)
  resize(@ConnectedSocket() socket: GatedSocket, @MessageBody() { subscription, cols, rows }: Payload<'resize'>): void {
    const { session, viewer } = this.attachedAs(socket, subscription);
    session.resize(viewer, { cols, rows });
  }

  @OnRequest(requests.ack)
  acknowledge(@ConnectedSocket() socket: GatedSocket, @MessageBody() { subscription, received }: Payload<'ack'>): void {
    const attached = this.bySocket.get(socket)?.attached.get(subscription);
    if (!attached) return; // late, for a terminal that has ended
    if (!attached.session.acknowledge(attached.viewer, received)) {
      throw new AppError('validation_failed', 'That is more than what was sent.');
    }
  }

  @OnRequest(requests.detach)
  detach(@ConnectedSocket() socket: GatedSocket, @MessageBody() { subscription }: Payload<'detach'>): void {
    this.bySocket.get(socket)?.detach(subscription);
  }

  @OnRequest(requests.close)
  async close(@ConnectedSocket() socket: GatedSocket, @MessageBody() { session }: Payload<'close'>): Promise<void> {
    await this.sessions.close(ownerOf(socket.data.identity), session);
  }

  /** @throws AppError `not_found` */
  private attachedAs(socket: GatedSocket, subscription: string): Attached {
    const found = this.bySocket.get(socket)?.attached.get(subscription);
    if (!found) throw new AppError('not_found', 'This terminal has ended, or is not looked at by this connection.');
    return found;
  }

  private terminalsOf(socket: GatedSocket): SocketTerminals {
    const known = this.bySocket.get(socket);
    if (known) return known;
    if (!socket.connected) throw new AppError('unavailable', 'The connection is closed.');
    const mine = new SocketTerminals(socket);
    this.bySocket.set(socket, mine);
    return mine;
  }
}
