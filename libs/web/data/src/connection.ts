import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { Subject } from 'rxjs';
import { Manager, type Socket } from 'socket.io-client';
import { Channel } from './channel';

export type ConnectionState = 'live' | 'reconnecting' | 'offline';
/** A loss that lasts longer than this is called offline; the attempts go on. */
const offlineAfterMs = 20_000;

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
    // One that is on its way is left alone: asked twice, it would say hello twice, and be thrown out for it.
    for (const { socket } of this.channels.values()) if (!socket.active) socket.connect();
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
