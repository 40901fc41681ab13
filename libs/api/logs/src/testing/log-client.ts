import { type Ack, type Run, sockets } from '@aikore/contract';
import { io, type Socket } from 'socket.io-client';
import type { z } from 'zod';

const { requests, messages } = sockets.logs;
type Chunk = z.output<typeof messages.chunk.data>;
type Gap = z.output<typeof messages.gap.data>;
type RunMessage = z.output<typeof messages.run.data>;
type Join = Omit<z.input<typeof requests.join.payload>, 'subscription'>;

/** Polls `check` until it holds; a condition with a deadline instead of a sleep. */
export async function until(check: () => boolean | Promise<boolean>, what: string, ms = 20_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`Waited ${ms} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** What one subscription received, and whether it was gapless. */
export class Received {
  readonly chunks: Chunk[] = [];
  readonly gaps: Gap[] = [];
  readonly began: Run[] = [];
  readonly ended: Run[] = [];
  /** Offset of the next byte that is expected. */
  position = 0;
  run: string | null = null;
  readonly errors: string[] = [];
  onChunk: (chunk: Chunk) => void = () => undefined;

  text(): string {
    return Buffer.concat(this.chunks.map(({ data }) => data)).toString('latin1');
  }

  bytes(): number {
    return this.chunks.reduce((sum, { data }) => sum + data.byteLength, 0);
  }

  follow(run: string, from: number, to: number): void {
    if (run !== this.run) this.errors.push(`of run ${run} instead of ${this.run}`);
    if (from !== this.position) this.errors.push(`at ${from} instead of ${this.position}`);
    this.position = to;
  }
}

/** A socket.io client of `/logs`. */
export class LogClient {
  readonly socket: Socket;
  private readonly received = new Map<string, Received>();
  private count = 0;
  /** Acknowledge what arrives, at once. */
  acks = true;

  constructor(url: string) {
    this.socket = io(`${url}${sockets.logs.namespace}`, { transports: ['websocket'], forceNew: true });
    this.socket.on(messages.chunk.name, (chunk: Chunk) => this.onChunk(chunk));
    this.socket.on(messages.gap.name, (gap: Gap) => {
      const received = this.received.get(gap.subscription);
      received?.gaps.push(gap);
      received?.follow(gap.run, gap.from, gap.to);
    });
    this.socket.on(messages.run.name, ({ subscription, run }: RunMessage) => {
      const received = this.received.get(subscription);
      if (!received) return;
      received.began.push(run);
      received.run = run.id;
      received.position = 0;
    });
    this.socket.on(messages.end.name, ({ subscription, run }: RunMessage) => {
      this.received.get(subscription)?.ended.push(run);
    });
  }

  request<T>(name: string, payload: unknown): Promise<Ack<T>> {
    return this.socket.timeout(20_000).emitWithAck(name, payload) as Promise<Ack<T>>;
  }

  async join(wish: Join): Promise<Received & { name: string }> {
    const name = `s${(this.count += 1)}`;
    const received = Object.assign(new Received(), { name });
    this.received.set(name, received);
    const payload = { subscription: name, ...wish };
    await new Promise<void>((resolve, reject) => {
      // In the callback, not after an `await`: the first chunk may be handled in the same turn as the answer.
      this.socket
        .timeout(20_000)
        .emit(requests.join.name, payload, (error: Error | null, ack: Ack<{ run: Run | null; offset: number }>) => {
          if (error) return reject(error);
          if (!ack.ok) return reject(new Error(`${ack.error.code}: ${ack.error.message}`));
          if (received.chunks.length > 0) received.errors.push('a chunk came before the answer');
          received.run = ack.data.run?.id ?? null;
          received.position = ack.data.offset;
          resolve();
        });
    });
    return received;
  }

  acknowledge(received: Received & { name: string }, offset = received.position): void {
    this.socket.emit(requests.ack.name, { subscription: received.name, run: received.run, offset });
  }

  close(): void {
    this.socket.disconnect();
  }

  private onChunk(chunk: Chunk): void {
    const received = this.received.get(chunk.subscription);
    if (!received) return;
    received.follow(chunk.run, chunk.offset, chunk.offset + chunk.data.byteLength);
    received.chunks.push(chunk);
    received.onChunk(chunk);
    if (this.acks) {
      const { subscription, run } = chunk;
      this.socket.emit(requests.ack.name, { subscription, run, offset: received.position });
    }
  }
}
