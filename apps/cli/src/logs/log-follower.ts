import { type Ack, type Run, sockets } from '@aikore/contract';
import { io, type Socket } from 'socket.io-client';
import type { z } from 'zod';
import { CliError, exitCodes, refusal } from '../exit-codes';
import type { LogSink } from './log-sink';
import { TaskQueue } from './task-queue';

const { namespace, requests, messages } = sockets.logs;
type Join = z.input<typeof requests.join.payload>;
type Chunk = z.output<typeof messages.chunk.data>;
type Gap = z.output<typeof messages.gap.data>;
type RunMessage = z.output<typeof messages.run.data>;

/** What to follow. */
export interface FollowPlan {
  readonly instanceId: number;
  /** Where to begin; null: the instance has never run, so at the beginning of its first run. */
  readonly start: { readonly run: string; readonly offset: number } | null;
  /** Go on with later runs of the instance; otherwise it is over when the run ends. */
  readonly follow: boolean;
}

/**
 * Follows the log of a run over the `/logs` socket: the example of a client for docs/guides/socket-clients.md.
 *
 * Nothing is lost or doubled by a lost connection: every message says where its bytes stand, so the client knows how
 * far it is, and joins again from there. Each chunk is acknowledged when the sink has taken it, and not before: a slow
 * sink makes the server wait, not the memory grow.
 */
export class LogFollower {
  private readonly socket: Socket;
  private readonly tasks = new TaskQueue();
  private position: FollowPlan['start'];
  private readonly finished = new Set<string>();
  private subscription = '';
  private joins = 0;
  private connectedBefore = false;
  /** The person was told that the server cannot be reached. */
  private away = false;

  /** @param stillWelcome asks the server whether the token is good; throws a CliError when it is not */
  constructor(
    login: { server: string; token: string },
    private readonly plan: FollowPlan,
    private readonly sink: LogSink,
    private readonly stillWelcome: () => Promise<unknown>,
  ) {
    this.position = plan.start;
    this.socket = io(`${login.server}${namespace}`, {
      transports: ['websocket'],
      extraHeaders: { authorization: `Bearer ${login.token}` },
      autoConnect: false,
      forceNew: true,
      reconnectionDelay: 200,
      reconnectionDelayMax: 5000,
    });
  }

  /** Resolves when the run ended (never, when following an instance) or `signal` was aborted. @throws CliError */
  async run(signal: AbortSignal): Promise<void> {
    const over = new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (signal.aborted) resolve();
      this.listen(resolve, reject);
    });
    try {
      this.socket.connect();
      await over;
    } finally {
      this.socket.disconnect();
    }
  }

  private listen(done: () => void, fail: (error: unknown) => void): void {
    const { socket } = this;
    // One after the other: the sink's order is the order of the messages.
    const inTurn = (task: () => Promise<void>): void => void this.tasks.add(task).catch(fail);
    socket.on('connect', () => inTurn(() => this.join()));
    socket.on('connect_error', () => void this.refused().catch(fail));
    socket.on('disconnect', (reason) => {
      // Only then socket.io does not connect again by itself.
      if (reason === 'io server disconnect') void this.refused().then(() => socket.connect(), fail);
    });
    socket.on(messages.chunk.name, (chunk: Chunk) => inTurn(() => this.onChunk(chunk)));
    socket.on(messages.gap.name, (gap: Gap) => inTurn(() => this.onGap(gap)));
    socket.on(messages.run.name, (message: RunMessage) => inTurn(() => this.onRun(message)));
    socket.on(messages.end.name, (message: RunMessage) => inTurn(() => this.onEnd(message, done)));
  }

  /** A name for each join: messages that still come for an earlier one are told apart. */
  private async join(): Promise<void> {
    if (!this.socket.connected) return; // it broke again while the sink was busy
    this.subscription = `follow-${(this.joins += 1)}`;
    const { instanceId: instance_id, follow } = this.plan;
    // Without a run it has never had one: whatever is there by now is to be seen from its first byte.
    const from = this.position ? { run: this.position.run, from: this.position.offset, follow } : { from: 0 };
    const wish: Join = { subscription: this.subscription, instance_id, ...from };
    const ack = await this.ask(wish);
    if (!ack) return; // the connection was lost: joined again after the next one
    if (!ack.ok) throw refusal(ack.error);
    if (this.connectedBefore) this.sink.reconnected();
    this.connectedBefore = true;
    this.away = false;
    if (this.position || !ack.data.run) return;
    this.position = { run: ack.data.run.id, offset: ack.data.offset };
  }

  private async ask(wish: Join): Promise<Ack<{ run: Run | null; offset: number }> | null> {
    try {
      return (await this.socket.timeout(10_000).emitWithAck(requests.join.name, wish)) as Ack<never>;
    } catch {
      this.socket.disconnect().connect();
      return null;
    }
  }

  private async onChunk({ subscription, run, offset, data }: Chunk): Promise<void> {
    if (subscription !== this.subscription) return;
    await this.sink.chunk(run, offset, data);
    this.position = { run, offset: offset + data.byteLength };
    this.socket.emit(requests.ack.name, { subscription, run, offset: this.position.offset });
  }

  private async onGap({ subscription, run, from, to, reason }: Gap): Promise<void> {
    if (subscription !== this.subscription) return;
    await this.sink.gap(run, from, to, reason);
    this.position = { run, offset: to };
  }

  private async onRun({ subscription, run }: RunMessage): Promise<void> {
    if (subscription !== this.subscription) return;
    await this.sink.runBegan(run);
    this.position = { run: run.id, offset: 0 };
  }

  private async onEnd({ subscription, run }: RunMessage, done: () => void): Promise<void> {
    if (subscription !== this.subscription) return;
    // Joining again at the end of a run tells of its end once more.
    if (!this.finished.has(run.id)) await this.sink.runEnded(run);
    this.finished.add(run.id);
    if (!this.plan.follow) done();
  }

  /** The server is away, which passes, or does not want us any more, which does not. */
  private async refused(): Promise<void> {
    try {
      await this.stillWelcome();
    } catch (error) {
      if (error instanceof CliError && error.exitCode === exitCodes.notAllowed) throw error;
      if (!this.away) this.sink.waiting();
      this.away = true;
    }
  }
}
