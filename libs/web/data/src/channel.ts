import type { Ack, SocketMessage, SocketRequest } from '@aikore/contract';
import type { Socket } from 'socket.io-client';
import type { z } from 'zod';
import { ApiError, unreachable } from './api-error';

const ackTimeoutMs = 15_000;

/** One socket.io namespace, typed by the contract. */
export class Channel {
  constructor(private readonly socket: Socket) {}

  get connected(): boolean {
    return this.socket.connected;
  }

  /**
   * Sends a request.
   * @param timeoutMs how long to wait for the answer; null: for as long as the connection stands
   * @throws ApiError when it is refused; `timed_out` when no answer comes in time; `unavailable` (`unreachable`)
   * without a connection, and when it is lost before the answer.
   */
  async request<I extends z.ZodType, O extends z.ZodType>(
    request: SocketRequest<I, O>,
    payload: z.input<I>,
    timeoutMs: number | null = ackTimeoutMs,
  ): Promise<z.output<O>> {
    // socket.io would keep it until there is a connection, and send it beside what the next connect asks for.
    if (!this.connected) throw unreachable();
    let ack: Ack<z.output<O>>;
    try {
      const socket = timeoutMs === null ? this.socket : this.socket.timeout(timeoutMs);
      ack = (await socket.emitWithAck(request.name, payload)) as Ack<z.output<O>>;
    } catch {
      if (!this.connected) throw unreachable();
      throw new ApiError({ code: 'timed_out', message: 'The server did not answer in time. Try again.' });
    }
    if (ack.ok) return ack.data;
    throw new ApiError(ack.error);
  }

  /** Sends a request whose answer nobody waits for; dropped while there is no connection. */
  notify<I extends z.ZodType>(request: SocketRequest<I>, payload: z.input<I>): void {
    if (this.socket.connected) this.socket.emit(request.name, payload, () => undefined);
  }

  /** Listens to a message; the answer stops it. */
  on<D extends z.ZodType>(message: SocketMessage<D>, handler: (data: z.output<D>) => void): () => void {
    this.socket.on(message.name, handler);
    return () => this.socket.off(message.name, handler);
  }

  /** Runs the handler whenever the connection is lost; the answer stops it. */
  onDisconnect(handler: () => void): () => void {
    this.socket.on('disconnect', handler);
    return () => this.socket.off('disconnect', handler);
  }

  /** Runs the handler now, if connected, and after every connect; the answer stops it. */
  onConnect(handler: () => void): () => void {
    this.socket.on('connect', handler);
    if (this.socket.connected) handler();
    return () => this.socket.off('connect', handler);
  }
}
