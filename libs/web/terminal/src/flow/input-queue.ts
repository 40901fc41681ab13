import { terminalFlow } from '@aikore/contract';

/** Most bytes that wait to be sent: a paste that is larger is refused as a whole. */
export const maxWaiting = 32 * 1024 * 1024;
/** Requests under way at once: typing stays fluent where an answer takes long. */
const maxRequests = 16;

export interface InputListener {
  /** So many bytes have no answer yet. */
  waiting(bytes: number): void;
  /** The rest of the input was dropped. */
  failed(error: unknown): void;
}

/**
 * What was typed or pasted, on its way to the server: in order, in pieces that it takes, never more than one piece ahead
 * of its answers.
 */
export class InputQueue {
  private queue: Uint8Array[] = [];
  private queued = 0;
  private inFlight = 0;
  private requests = 0;
  private stopped = false;

  /** @param send resolves when there is room for more */
  constructor(
    private readonly send: (data: Uint8Array) => Promise<unknown>,
    private readonly listener: InputListener,
  ) {}

  /** @returns false when there is too much already; nothing of it is sent then */
  push(data: Uint8Array): boolean {
    if (this.stopped || this.queued + data.byteLength > maxWaiting) return false;
    if (data.byteLength === 0) return true;
    this.queue.push(data);
    this.queued += data.byteLength;
    this.pump();
    return true;
  }

  /** Drops what is not on its way yet. @returns how many bytes that were */
  drop(): number {
    const dropped = this.queued;
    this.queue = [];
    this.queued = 0;
    this.tell();
    return dropped;
  }

  /** Sends nothing more, and tells nothing more. */
  stop(): void {
    this.stopped = true;
    this.drop();
  }

  private pump(): void {
    while (this.queued > 0 && this.hasRoom()) void this.deliver(this.take());
    this.tell();
  }

  private hasRoom(): boolean {
    if (this.requests === 0) return true;
    const next = Math.min(this.queued, terminalFlow.input);
    return this.requests < maxRequests && this.inFlight + next <= terminalFlow.input;
  }

  private async deliver(data: Uint8Array): Promise<void> {
    this.requests += 1;
    this.inFlight += data.byteLength;
    let problem: { error: unknown } | null = null;
    try {
      await this.send(data);
    } catch (error) {
      problem = { error };
    }
    this.requests -= 1;
    this.inFlight -= data.byteLength;
    if (this.stopped) return;
    if (problem) {
      this.drop();
      this.listener.failed(problem.error);
    } else this.pump();
  }

  /** The next piece: what was typed while there was no room goes together. */
  private take(): Uint8Array {
    const [first] = this.queue;
    const size = Math.min(this.queued, terminalFlow.input);
    if (this.queue.length === 1 && first?.byteLength === size) {
      this.queue = [];
      this.queued = 0;
      return first;
    }
    const piece = new Uint8Array(size);
    let filled = 0;
    while (filled < size) {
      const head = this.queue[0]?.subarray(0, size - filled);
      if (!head) break;
      piece.set(head, filled);
      filled += head.byteLength;
      this.shorten(head.byteLength);
    }
    this.queued -= size;
    return piece;
  }

  private shorten(bytes: number): void {
    const rest = this.queue[0]?.subarray(bytes);
    if (rest && rest.byteLength > 0) this.queue[0] = rest;
    else this.queue.shift();
  }

  private tell(): void {
    if (!this.stopped) this.listener.waiting(this.queued + this.inFlight);
  }
}
