import { type Ack, sockets, terminalFlow, type TerminalEnding, type TerminalSession } from '@aikore/contract';
import { io, type Socket } from 'socket.io-client';
import type { z } from 'zod';
import { until } from '../until';

const { requests, messages, namespace } = sockets.terminals;
type Payload<Name extends keyof typeof requests> = z.input<(typeof requests)[Name]['payload']>;
type Message<Name extends keyof typeof messages> = z.output<(typeof messages)[Name]['data']>;

/** One view of one terminal, and everything that it was sent. */
export class TerminalView {
  /** What was written since the last screen, which is its beginning. */
  chunks: Uint8Array[] = [];
  readonly screens: Omit<Message<'screen'>, 'subscription'>[] = [];
  readonly sizes: [cols: number, rows: number][] = [];
  ending: TerminalEnding | null = null;
  /** Bytes of screens and output since it attached. */
  received = 0;
  /** Acknowledge what arrives, at once. */
  acks = true;
  /** Forget what arrives: for floods. */
  keeps = true;
  onData: (data: Uint8Array) => void = () => undefined;

  constructor(
    private readonly client: TerminalClient,
    readonly name: string,
  ) {}

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }

  /** Type something. Resolves when there is room for more. */
  async type(text: string | Uint8Array): Promise<void> {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += terminalFlow.input) {
      await this.client.ask('input', { subscription: this.name, data: bytes.subarray(at, at + terminalFlow.input) });
    }
  }

  async resize(cols: number, rows: number): Promise<void> {
    await this.client.ask('resize', { subscription: this.name, cols, rows });
  }

  async detach(): Promise<void> {
    await this.client.ask('detach', { subscription: this.name });
  }

  async shows(text: string, ms?: number): Promise<void> {
    await until(() => this.text.includes(text), `the output ${JSON.stringify(text)}`, ms).catch((error: Error) => {
      throw new Error(`${error.message}\nThere is: ${this.text.slice(-2000)}`);
    });
  }

  async ends(ms?: number): Promise<void> {
    await until(() => this.ending !== null, 'the end of the terminal', ms);
  }

  take(data: Uint8Array): void {
    this.received += data.byteLength;
    if (this.keeps) this.chunks.push(data);
    this.onData(data);
    if (this.acks) this.acknowledge();
  }

  acknowledge(received = this.received): void {
    this.client.socket.emit(requests.ack.name, { subscription: this.name, received });
  }
}

/** A socket.io client of `/terminals`. */
export class TerminalClient {
  readonly socket: Socket;
  readonly opened: TerminalSession[] = [];
  readonly changed: TerminalSession[] = [];
  readonly closed: Message<'closed'>[] = [];
  private readonly views = new Map<string, TerminalView>();
  private count = 0;

  constructor(url: string, headers: Record<string, string> = {}) {
    this.socket = io(`${url}${namespace}`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      extraHeaders: headers,
    });
    this.socket.on(messages.opened.name, (session: TerminalSession) => this.opened.push(session));
    this.socket.on(messages.changed.name, (session: TerminalSession) => this.changed.push(session));
    this.socket.on(messages.closed.name, (closed: Message<'closed'>) => this.closed.push(closed));
    this.socket.on(messages.screen.name, ({ subscription, ...screen }: Message<'screen'>) => {
      const view = this.views.get(subscription);
      if (!view) return;
      view.screens.push(screen);
      view.chunks = [];
      view.take(screen.data);
    });
    this.socket.on(messages.output.name, ({ subscription, data }: Message<'output'>) => {
      this.views.get(subscription)?.take(data);
    });
    this.socket.on(messages.resized.name, ({ subscription, cols, rows }: Message<'resized'>) => {
      this.views.get(subscription)?.sizes.push([cols, rows]);
    });
    this.socket.on(messages.ended.name, ({ subscription, ending }: Message<'ended'>) => {
      const view = this.views.get(subscription);
      if (view) view.ending = ending;
    });
  }

  /** The raw answer to a request, for those that are to be refused. */
  request<Name extends keyof typeof requests>(
    name: Name,
    payload: unknown,
  ): Promise<Ack<z.output<(typeof requests)[Name]['response']>>> {
    return this.socket.timeout(30_000).emitWithAck(requests[name].name, payload) as never;
  }

  /** @throws with the server's sentence */
  async ask<Name extends keyof typeof requests>(
    name: Name,
    payload: Payload<Name>,
  ): Promise<z.output<(typeof requests)[Name]['response']>> {
    const ack = await this.request(name, payload);
    if (!ack.ok) throw new Error(`${ack.error.code}: ${ack.error.message}`);
    return ack.data;
  }

  async open(instanceId: number, cols = 80, rows = 24, name?: string): Promise<TerminalSession> {
    return (await this.ask('open', { instance_id: instanceId, cols, rows, name })).session;
  }

  /** @param prepare what the view is to be before anything arrives */
  async attach(
    session: string,
    { cols, rows, ...prepare }: { cols?: number; rows?: number; acks?: boolean; keeps?: boolean } = {},
  ): Promise<TerminalView> {
    const view = Object.assign(new TerminalView(this, `v${(this.count += 1)}`), prepare);
    this.views.set(view.name, view);
    await this.ask('attach', { subscription: view.name, session, cols, rows });
    await until(() => view.screens.length > 0 || view.ending !== null, 'the first screen');
    return view;
  }

  /** Open a terminal and look at it, once its prompt is there. */
  async shell(instanceId: number, cols = 80, rows = 24): Promise<TerminalView & { session: string }> {
    const { id } = await this.open(instanceId, cols, rows);
    const view = Object.assign(await this.attach(id), { session: id });
    await view.shows('$ ');
    return view;
  }

  close(): void {
    this.socket.disconnect();
  }
}
