import { ConnectedSocket, MessageBody, type OnGatewayDisconnect, WebSocketGateway } from '@nestjs/websockets';
import { AppError, type GatedSocket, OnRequest } from '@aikore/api/kernel';
import { type Run, socketLimits, sockets } from '@aikore/contract';
import type { z } from 'zod';
import { LogHub } from './log-hub';
import type { LogSubscription } from './log-subscription';
import { SocketLogs } from './socket-logs';

const { requests } = sockets.logs;
type Join = z.output<typeof requests.join.payload>;
type Acknowledge = z.output<typeof requests.ack.payload>;
type Leave = z.output<typeof requests.leave.payload>;

/** Logs, live. One socket may hold several subscriptions; all end with it. */
@WebSocketGateway({ namespace: sockets.logs.namespace })
export class LogsGateway implements OnGatewayDisconnect<GatedSocket> {
  private readonly bySocket = new Map<GatedSocket, SocketLogs>();

  constructor(private readonly hub: LogHub) {}

  handleDisconnect(socket: GatedSocket): void {
    const mine = this.bySocket.get(socket);
    this.bySocket.delete(socket);
    mine?.close();
    for (const subscription of mine?.subscriptions.values() ?? []) this.hub.leave(subscription);
  }

  @OnRequest(requests.join)
  async join(
    @ConnectedSocket() socket: GatedSocket,
    @MessageBody() wish: Join,
  ): Promise<{ run: Run | null; offset: number }> {
    const logs = this.logsOf(socket);
    const mine = logs.subscriptions;
    this.end(mine, wish.subscription);
    for (const [name, one] of mine) if (one.finished) this.end(mine, name);
    if (mine.size >= socketLimits.subscriptions) {
      const most = socketLimits.subscriptions;
      throw new AppError('rate_limited', `A connection may watch ${most} logs at once. Leave one first.`);
    }
    const subscription = this.hub.subscribe(logs.viewer(wish.subscription), wish);
    mine.set(wish.subscription, subscription);
    try {
      const answer = await this.hub.join(subscription, wish);
      // After this turn: the answer is written before the first message.
      setImmediate(() => subscription.begin());
      return answer;
    } catch (error) {
      if (mine.get(wish.subscription) === subscription) mine.delete(wish.subscription);
      throw error;
    }
  }

  @OnRequest(requests.ack)
  acknowledge(@ConnectedSocket() socket: GatedSocket, @MessageBody() ack: Acknowledge): object {
    const known =
      this.bySocket.get(socket)?.subscriptions.get(ack.subscription)?.acknowledge(ack.run, ack.offset) ?? true;
    if (!known) throw new AppError('validation_failed', 'This offset lies beyond what was sent.');
    return {};
  }

  @OnRequest(requests.leave)
  leave(@ConnectedSocket() socket: GatedSocket, @MessageBody() { subscription }: Leave): object {
    const mine = this.bySocket.get(socket)?.subscriptions;
    if (mine) this.end(mine, subscription);
    return {};
  }

  private end(mine: Map<string, LogSubscription>, name: string): void {
    const subscription = mine.get(name);
    if (subscription) this.hub.leave(subscription);
    mine.delete(name);
  }

  private logsOf(socket: GatedSocket): SocketLogs {
    const known = this.bySocket.get(socket);
    if (known) return known;
    if (!socket.connected) throw new AppError('unavailable', 'The connection is closed.');
    const mine = new SocketLogs(socket);
    this.bySocket.set(socket, mine);
    return mine;
  }
}
