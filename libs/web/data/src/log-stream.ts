import { logFlow, sockets, type Run } from '@aikore/contract';
import { ApiError } from './api-error';
import type { Channel } from './channel';
import { LogCursor } from './log-cursor';

const { requests, messages } = sockets.logs;
/** Bytes taken in between two acknowledgements: often enough never to fill the server's window. */
const ackEvery = logFlow.window / 4;
const ackAfterMs = 50;

/** What a viewer is told, in order. */
export interface LogListener {
  /** A run is shown from `offset` on; what was shown before belongs to another run, or lies further back. */
  begin(run: Run, offset: number): void;
  /** The instance has never run. */
  idle(): void;
  bytes(data: Uint8Array, offset: number): void;
  gap(from: number, to: number, reason: 'capped' | 'slow' | 'lost'): void;
  end(run: Run): void;
  failed(error: unknown): void;
}

export interface LogTarget {
  instanceId: number;
  /** null: the newest run, and every later one. */
  run: string | null;
  /** Bytes of the past to begin with. */
  tail: number;
}

/** One watched log. It resumes by itself after a lost connection, where it stopped. */
export class LogStream {
  private readonly subscription = `log-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;
  private readonly stops: (() => void)[];
  private cursor: LogCursor | null = null;
  private acked = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  constructor(
    private readonly channel: Channel,
    private readonly target: LogTarget,
    private readonly listener: LogListener,
  ) {
    const mine = <T extends { subscription: string }>(handler: (data: T) => void) => {
      return (data: T) => {
        if (data.subscription === this.subscription && !this.closed) handler(data);
      };
    };
    this.stops = [
      channel.on(
        messages.chunk,
        mine(({ run, offset, data }) => this.take(run, offset, toBytes(data))),
      ),
      channel.on(
        messages.gap,
        mine(({ run, from, to, reason }) => {
          const missed = this.cursor?.skip(run, from, to);
          if (missed) listener.gap(missed.from, missed.to, reason);
          this.ack();
        }),
      ),
      channel.on(
        messages.run,
        mine(({ run }) => this.begin(run, 0)),
      ),
      channel.on(
        messages.end,
        mine(({ run }) => listener.end(run)),
      ),
      channel.onConnect(() => void this.join()),
    ];
  }

  /** Stops watching. */
  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    for (const stop of this.stops) stop();
    this.channel.notify(requests.leave, { subscription: this.subscription });
  }

  /** A connection that is lost before the answer is no failure: the next connect joins from the same place. */
  private async join(): Promise<void> {
    try {
      if (this.cursor && (await this.resume(this.cursor))) return;
      const { run } = this.target;
      const wish = { ...this.place(), ...(run ? { run } : {}), tail: this.target.tail };
      const answer = await this.channel.request(requests.join, wish);
      if (this.closed) return;
      if (answer.run) this.begin(answer.run, answer.offset);
      else this.listener.idle();
    } catch (error) {
      if (this.closed || isLost(error)) return;
      this.cursor = null;
      this.listener.failed(error);
    }
  }

  /** Goes on where the connection was lost, through every run since. @returns false when there is no such run any more */
  private async resume(cursor: LogCursor): Promise<boolean> {
    const from = { run: cursor.run, from: cursor.next, follow: this.target.run === null };
    try {
      await this.channel.request(requests.join, { ...this.place(), ...from });
      return true;
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'not_found')) throw error;
      return false;
    }
  }

  private place() {
    return { subscription: this.subscription, instance_id: this.target.instanceId };
  }

  private begin(run: Run, offset: number): void {
    this.cursor = new LogCursor(run.id, offset);
    this.acked = offset;
    this.listener.begin(run, offset);
  }

  private take(run: string, offset: number, data: Uint8Array): void {
    if (!this.cursor) return;
    const { append, missed } = this.cursor.accept(run, offset, data);
    if (missed) this.listener.gap(missed.from, missed.to, 'lost');
    if (append) this.listener.bytes(append, offset + data.byteLength - append.byteLength);
    if (this.cursor.next - this.acked >= ackEvery) this.ack();
    else this.timer ??= setTimeout(() => this.ack(), ackAfterMs);
  }

  private ack(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.cursor || this.closed) return;
    this.acked = this.cursor.next;
    this.channel.notify(requests.ack, {
      subscription: this.subscription,
      run: this.cursor.run,
      offset: this.cursor.next,
    });
  }
}

const isLost = (error: unknown): boolean => error instanceof ApiError && error.unreachable;

/** socket.io gives an ArrayBuffer in browsers, whatever the server sent. */
const toBytes = (data: Uint8Array | ArrayBuffer): Uint8Array =>
  data instanceof Uint8Array ? data : new Uint8Array(data);
