import { terminalSockets, type TerminalEnding, type TerminalSession } from '@aikore/contract';
import { ApiError, unreachable, type Channel } from '@aikore/web/data';
import { sessionOf } from './session-of';

const { messages } = terminalSockets;

interface Sent {
  readonly name: string;
  readonly payload: Record<string, unknown>;
}

/** The server side of `/terminals`, as far as a client sees it, over a connection that can be lost. */
export class FakeTerminals {
  readonly sent: Sent[] = [];
  sessions: TerminalSession[] = [];
  connected = true;
  /** What becomes of the next requests of a name, before one is answered. */
  readonly failures = new Map<string, Error[]>();
  /** While set, input gets no answer. */
  holdInput = false;
  private readonly handlers = new Map<string, Set<(data: never) => void>>();
  private readonly connects = new Set<() => void>();
  private readonly losses = new Set<() => void>();
  private readonly held: (() => void)[] = [];

  readonly channel = this as unknown as Channel;

  request = async (request: { name: string }, payload: Record<string, unknown> = {}): Promise<unknown> => {
    if (!this.connected) throw unreachable();
    this.sent.push({ name: request.name, payload });
    const failure = this.failures.get(request.name)?.shift();
    if (failure) throw failure;
    if (request.name === 'terminals:join') return { sessions: this.sessions };
    if (request.name === 'terminal:open') return { session: this.openFor(payload) };
    if (request.name === 'terminal:attach') return { session: this.find(String(payload['session'])) };
    if (request.name === 'terminal:close') this.end(String(payload['session']), 'closed');
    if (request.name === 'terminal:input' && this.holdInput) await new Promise<void>((go) => this.held.push(go));
    return {};
  };
  notify = (request: { name: string }, payload: Record<string, unknown>): void => {
    if (this.connected) this.sent.push({ name: request.name, payload });
  };
  on = (message: { name: string }, handler: (data: never) => void): (() => void) => {
    const all = this.handlers.get(message.name) ?? new Set();
    this.handlers.set(message.name, all.add(handler));
    return () => all.delete(handler);
  };
  onConnect = (handler: () => void): (() => void) => {
    this.connects.add(handler);
    if (this.connected) handler();
    return () => this.connects.delete(handler);
  };
  onDisconnect = (handler: () => void): (() => void) => {
    this.losses.add(handler);
    return () => this.losses.delete(handler);
  };

  /** Listeners that are still there: none after everything was closed. */
  get listeners(): number {
    const ofMessages = [...this.handlers.values()].reduce((sum, { size }) => sum + size, 0);
    return ofMessages + this.connects.size + this.losses.size;
  }

  emit(name: string, data: object): void {
    for (const handler of this.handlers.get(name) ?? []) handler(data as never);
  }

  /** To the view that attached last. */
  screen(text: string, size = { cols: 80, rows: 24 }, reason: 'attached' | 'lagging' = 'attached'): void {
    this.emit(messages.screen.name, { subscription: this.subscription, ...size, data: encode(text), reason });
  }
  output(text: string): void {
    this.emit(messages.output.name, { subscription: this.subscription, data: encode(text) });
  }
  ended(ending: TerminalEnding): void {
    this.emit(messages.ended.name, { subscription: this.subscription, ending });
  }

  lose(): void {
    this.connected = false;
    for (const handler of [...this.losses]) handler();
  }
  async reconnect(): Promise<void> {
    this.connected = true;
    for (const handler of [...this.connects]) handler();
    await settle();
  }
  async answerInput(): Promise<void> {
    this.held.shift()?.();
    await settle();
  }

  named(name: string): Record<string, unknown>[] {
    return this.sent.filter((sent) => sent.name === name).map(({ payload }) => payload);
  }
  get subscription(): string {
    return String(this.named('terminal:attach').at(-1)?.['subscription']);
  }

  private openFor(payload: Record<string, unknown>): TerminalSession {
    const session = sessionOf(`s${this.sessions.length + 1}`, Number(payload['instance_id']));
    this.sessions = [...this.sessions, session];
    this.emit(messages.opened.name, session);
    return session;
  }

  private find(id: string): TerminalSession {
    const found = this.sessions.find((session) => session.id === id);
    if (!found) throw new ApiError({ code: 'not_found', message: 'This terminal is no more.' });
    return found;
  }

  private end(id: string, reason: TerminalEnding['reason']): void {
    const session = this.find(id);
    this.sessions = this.sessions.filter((other) => other !== session);
    const ending = { reason, exit_code: null, signal: null, message: 'This terminal was closed.' };
    this.emit(messages.closed.name, { id, instance_id: session.instance_id, ending });
  }
}

export const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
export const decode = (data: unknown): string => new TextDecoder().decode(data as Uint8Array);

/** Lets every promise that is settled already be followed. */
export const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};
