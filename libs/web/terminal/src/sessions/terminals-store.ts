import { Injectable, computed, inject, signal } from '@angular/core';
import { terminalSockets, type TerminalSession } from '@aikore/contract';
import { Connection, errorMessage, keepJoined } from '@aikore/web/data';
import type { TerminalSize } from '../flow/terminal-size';
import { withSession, withoutSession } from './session-list';

const { requests, messages, namespace } = terminalSockets;

/** The terminals of this person, live: a snapshot at every (re)connect, then each change as it happens. */
@Injectable({ providedIn: 'root' })
export class TerminalsStore {
  /** For what one terminal says and is told. */
  readonly channel = inject(Connection).channel(namespace);
  private readonly list = signal<readonly TerminalSession[]>([]);
  private readonly joined = signal(false);
  private readonly refusal = signal<string | null>(null);

  /** Of all instances, oldest first. */
  readonly sessions = this.list.asReadonly();
  /** False until the first snapshot is there. */
  readonly loaded = this.joined.asReadonly();
  /** Why the server lists none, such as a role that was taken away. */
  readonly refused = this.refusal.asReadonly();
  private readonly byId = computed(() => new Map(this.list().map((session) => [session.id, session])));

  constructor() {
    const put = (session: TerminalSession) => this.list.update((list) => withSession(list, session));
    this.channel.on(messages.opened, put);
    this.channel.on(messages.changed, put);
    this.channel.on(messages.closed, ({ id }) => this.list.update((list) => withoutSession(list, id)));
    keepJoined(this.channel, () => this.join());
  }

  find(id: string): TerminalSession | undefined {
    return this.byId().get(id);
  }

  /**
   * Starts a shell in the folder of an instance.
   *
   * @throws ApiError such as `rate_limited` (too many terminals), `start_failed` (no shell), `forbidden`
   */
  async open(instanceId: number, size: TerminalSize): Promise<TerminalSession> {
    const { session } = await this.channel.request(requests.open, { instance_id: instanceId, ...size });
    this.list.update((list) => withSession(list, session));
    return session;
  }

  /** Ends a terminal and what runs in it. @throws ApiError; `not_found` when it has ended already */
  async close(id: string): Promise<void> {
    await this.channel.request(requests.close, { session: id });
    this.list.update((list) => withoutSession(list, id));
  }

  private async join(): Promise<void> {
    try {
      const { sessions } = await this.channel.request(requests.join, {});
      this.list.set(sessions);
      this.joined.set(true);
      this.refusal.set(null);
    } catch (error) {
      if (this.channel.connected) this.refusal.set(errorMessage(error));
      throw error;
    }
  }
}
