import { terminalSockets, type TerminalEnding } from '@aikore/contract';
import { ApiError, type Channel } from '@aikore/web/data';
import { AckCounter } from './ack-counter';
import { InputQueue } from './input-queue';
import { sameSize, type TerminalSize } from './terminal-size';

const { requests, messages } = terminalSockets;

/** What shows the bytes. Everything happens in the order of the calls. */
export interface LinkScreen {
  /** Begins anew, with this size. */
  reset(size: TerminalSize): void;
  /** @param done called once the bytes are taken in */
  write(data: Uint8Array, done: () => void): void;
  resize(size: TerminalSize): void;
}

/**
 * `away`: nobody looks. `connecting`: no screen yet. `lost`: there was one, and the connection is gone. `failed`: refused.
 */
export type LinkState = 'away' | 'connecting' | 'live' | 'lost' | 'failed' | 'ended';

export interface LinkListener {
  state(state: LinkState): void;
  ended(ending: TerminalEnding): void;
  failed(error: unknown): void;
  /** Output was skipped because this browser was too slow. */
  lagged(): void;
  output(): void;
  /** Another viewer gave it this size. */
  resized(size: TerminalSize): void;
  /** So many bytes of the input have no answer yet. */
  waiting(bytes: number): void;
  /** Input was dropped. */
  inputFailed(error: unknown): void;
}

/** One look at a terminal, over one connection: what is counted and queued ends with it. */
interface View {
  readonly subscription: string;
  readonly acks: AckCounter;
  readonly input: InputQueue;
  /** The server knows of it. */
  attached: boolean;
}

/** A terminal of the server on a screen here. It attaches again by itself after a lost connection. */
export class TerminalLink {
  private view: View | null = null;
  private state: LinkState = 'away';
  /** As the server has it. */
  private size: TerminalSize | null = null;
  /** As this viewer asked for, unless another one came after it. */
  private wanted: TerminalSize | null = null;
  private stopWaiting: (() => void) | null = null;
  private readonly stops: (() => void)[];

  constructor(
    private readonly channel: Channel,
    private readonly session: string,
    private readonly screen: LinkScreen,
    private readonly listener: LinkListener,
  ) {
    const mine = <T extends { subscription: string }>(handler: (data: T, view: View) => void) => {
      return (data: T) => {
        if (this.view?.subscription === data.subscription) handler(data, this.view);
      };
    };
    this.stops = [
      channel.on(
        messages.screen,
        mine((begin, view) => {
          this.begin({ cols: begin.cols, rows: begin.rows }, begin.data, view);
          if (begin.reason === 'lagging') this.listener.lagged();
        }),
      ),
      channel.on(
        messages.output,
        mine(({ data }, view) => {
          this.take(data, view);
          this.listener.output();
        }),
      ),
      channel.on(
        messages.resized,
        mine(({ cols, rows }) => {
          this.size = { cols, rows };
          this.wanted = null;
          this.screen.resize(this.size);
          this.listener.resized(this.size);
        }),
      ),
      channel.on(
        messages.ended,
        mine(({ ending }) => this.end(ending)),
      ),
      channel.onDisconnect(() => this.lose()),
    ];
  }

  /**
   * Looks at the terminal, now and after every lost connection, until `detach`.
   *
   * @param size of the screen, which the terminal takes over; null leaves it as it is
   */
  attach(size: TerminalSize | null): void {
    if (this.stopWaiting || this.state === 'ended') return;
    this.wanted = size;
    this.enter('connecting');
    this.stopWaiting = this.channel.onConnect(() => void this.join());
  }

  /** Looks no more. The terminal goes on. */
  detach(): void {
    if (this.view) this.channel.notify(requests.detach, { subscription: this.view.subscription });
    this.leave();
    if (this.state !== 'ended') this.enter('away');
  }

  /** Tries again after `failed`. */
  retry(size: TerminalSize | null): void {
    this.leave();
    this.attach(size);
  }

  dispose(): void {
    this.detach();
    for (const stop of this.stops) stop();
  }

  /** @returns false when it was not taken: no connection, or too much at once */
  input(data: Uint8Array): boolean {
    return this.state === 'live' && this.view !== null && this.view.input.push(data);
  }

  /** Drops what was not sent yet of a paste. */
  dropInput(): void {
    this.view?.input.drop();
  }

  /** Puts off its end: an input of nothing is a use. */
  keepAlive(): void {
    if (this.view) this.channel.notify(requests.input, { ...place(this.view), data: new Uint8Array() });
  }

  /** Gives the terminal the size of this screen. */
  resize(size: TerminalSize): void {
    const last = this.wanted ?? this.size;
    if (last && sameSize(last, size)) return;
    this.size = size;
    this.wanted = size;
    // Before it is attached the server knows of no view: `join` sends the size once more.
    if (this.view?.attached) this.channel.notify(requests.resize, { ...place(this.view), ...size });
  }

  private async join(): Promise<void> {
    const view = this.look();
    const { wanted } = this;
    try {
      await this.channel.request(requests.attach, { ...place(view), session: this.session, ...wanted });
      view.attached = true;
      // Made larger or smaller meanwhile.
      const size = this.view === view && this.wanted !== wanted ? this.wanted : null;
      if (size) this.channel.notify(requests.resize, { ...place(view), ...size });
    } catch (error) {
      // Lost before the answer: the next connect asks again.
      if (this.view !== view || (error instanceof ApiError && error.unreachable)) return;
      if (error instanceof ApiError && error.code === 'not_found') return this.end(unknownEnding(error.message));
      this.leave();
      this.enter('failed');
      this.listener.failed(error);
    }
  }

  private look(): View {
    this.close();
    const subscription = `term-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;
    const view: View = {
      subscription,
      acks: new AckCounter((received) => this.channel.notify(requests.ack, { subscription, received })),
      input: new InputQueue((data) => this.channel.request(requests.input, { subscription, data }, null), {
        waiting: (bytes) => this.listener.waiting(bytes),
        failed: (error) => this.inputFailed(error),
      }),
      attached: false,
    };
    this.view = view;
    return view;
  }

  private begin(size: TerminalSize, data: Uint8Array | ArrayBuffer, view: View): void {
    this.size = size;
    this.screen.reset(size);
    this.take(data, view);
    // Asked for another size since that was sent: the server does not tell a viewer of its own.
    if (this.wanted && !sameSize(this.wanted, size)) {
      this.size = this.wanted;
      this.screen.resize(this.wanted);
    }
    this.enter('live');
  }

  private take(data: Uint8Array | ArrayBuffer, view: View): void {
    // socket.io gives an ArrayBuffer in browsers, whatever the server sent.
    const bytes = data instanceof Uint8Array ? data : new Uint8Array(data);
    this.screen.write(bytes, () => view.acks.add(bytes.byteLength));
  }

  private inputFailed(error: unknown): void {
    if (this.state === 'live' && this.channel.connected) this.listener.inputFailed(error);
  }

  private lose(): void {
    if (!this.view) return;
    this.close();
    this.enter('lost');
  }

  private end(ending: TerminalEnding): void {
    this.leave();
    this.enter('ended');
    this.listener.ended(ending);
  }

  private leave(): void {
    this.stopWaiting?.();
    this.stopWaiting = null;
    this.close();
  }

  private close(): void {
    this.view?.acks.stop();
    this.view?.input.stop();
    this.view = null;
    this.listener.waiting(0);
  }

  private enter(state: LinkState): void {
    if (this.state === state) return;
    this.state = state;
    this.listener.state(state);
  }
}

const place = ({ subscription }: View) => ({ subscription });

/** It ended while nobody looked: what the server says about it is all that is known. */
const unknownEnding = (message: string): TerminalEnding => ({
  reason: 'exited',
  exit_code: null,
  signal: null,
  message,
});
