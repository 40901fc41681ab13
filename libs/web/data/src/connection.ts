import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import type { Ack, SocketMessage, SocketRequest } from '@aikore/contract';
import { Subject } from 'rxjs';
import { Manager, type Socket } from 'socket.io-client';
import type { z } from 'zod';
import { ApiError } from './api-error';

export type ConnectionState = 'live' | 'reconnecting' | 'offline';
const ackTimeoutMs = 15_000;
/** A loss that lasts longer than this is called offline; the attempts go on. */
const offlineAfterMs = 20_000;

/** One socket.io namespace, typed by the contract. */
export class Channel {
  constructor(private readonly socket: Socket) {}

  /** Sends a request. @throws ApiError when it is refused, or when no answer comes within 15 s. */
  async request<I extends z.ZodType, O extends z.ZodType>(
    request: SocketRequest<I, O>,
    payload: z.input<I>,
  ): Promise<z.output<O>> {
    let ack: Ack<z.output<O>>;
    try {
      ack = (await this.socket.timeout(ackTimeoutMs).emitWithAck(request.name, payload)) as Ack<z.output<O>>;
    } catch {
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

  /** Runs the handler now, if connected, and after every connect; the answer stops it. */
  onConnect(handler: () => void): () => void {
    this.socket.on('connect', handler);
    if (this.socket.connected) handler();
    return () => this.socket.off('connect', handler);
  }
}

/** The live connection: one WebSocket for all namespaces, reconnected for ever, its state as signals. */
@Injectable({ providedIn: 'root' })
export class Connection {
  private readonly manager = new Manager({
    autoConnect: false,
    transports: ['websocket'],
    reconnectionDelay: 300,
    reconnectionDelayMax: 3_000,
  });
  private readonly channels = new Map<string, { socket: Socket; channel: Channel }>();
  private readonly link = signal<{ up: boolean; since: number }>({ up: false, since: Date.now() });
  private readonly lostLong = signal(false);
  private readonly rejected = new Subject<void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private wanted = false;

  /** The handshake was refused, or the server closed the socket: the session may be over. */
  readonly refusals = this.rejected.asObservable();
  readonly state = computed<ConnectionState>(() =>
    this.link().up ? 'live' : this.lostLong() ? 'offline' : 'reconnecting',
  );
  /** Since when the state is so, in ms since 1970. */
  readonly since = computed(() => this.link().since);

  constructor() {
    this.manager.on('open', () => this.set(true));
    this.manager.on('close', () => this.set(false));
    this.manager.on('error', () => this.set(false));
    this.manager.on('reconnect_error', () => this.rejected.next());
    inject(DestroyRef).onDestroy(() => this.stop());
  }

  /** The channel of a namespace; connected as soon as `start` was called. */
  channel(namespace: string): Channel {
    const known = this.channels.get(namespace);
    if (known) return known.channel;
    const socket = this.manager.socket(namespace);
    socket.on('connect_error', () => this.rejected.next());
    socket.on('disconnect', (reason) => {
      // socket.io does not come back by itself from this one: the session ended, or the server goes down.
      if (reason === 'io server disconnect') this.rejected.next();
    });
    const entry = { socket, channel: new Channel(socket) };
    this.channels.set(namespace, entry);
    if (this.wanted) socket.connect();
    return entry.channel;
  }

  /** Connects every channel, now and whenever the connection is lost. */
  start(): void {
    this.wanted = true;
    for (const { socket } of this.channels.values()) if (!socket.connected) socket.connect();
  }

  /** Closes everything, until the next `start`. */
  stop(): void {
    this.wanted = false;
    clearTimeout(this.timer);
    for (const { socket } of this.channels.values()) socket.disconnect();
  }

  private set(up: boolean): void {
    if (this.link().up !== up) this.link.set({ up, since: Date.now() });
    clearTimeout(this.timer);
    if (up) return this.lostLong.set(false);
    const rest = this.link().since + offlineAfterMs - Date.now();
    this.timer = setTimeout(() => this.lostLong.set(true), Math.max(0, rest));
  }
}
