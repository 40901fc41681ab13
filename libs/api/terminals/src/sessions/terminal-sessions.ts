import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { AppError, AuditTrail, DomainEvents, type Identity, notFound } from '@aikore/api/kernel';
import type { TerminalEnding, TerminalSession } from '@aikore/contract';
import { Clock, type Pty, PtyError, PtyHost } from '@aikore/platform';
import { ShellPlaces } from '../shell-places';
import { startupFile } from '../startup-file';
import { LiveSession } from './live-session';
import { type Claim, SessionClaims } from './session-claims';

/** Who does something, and from where. */
export interface Caller {
  readonly identity: Identity;
  readonly address: string;
}

export interface OpenWish {
  readonly instance_id: number;
  readonly cols: number;
  readonly rows: number;
  readonly name?: string | undefined;
}

interface Kept {
  readonly live: LiveSession;
  readonly claim: Claim;
  readonly caller: Caller;
}

/** Ended terminals whose end can still be told to who asks for them. */
const maxEndings = 200;

/** Terminals belong to a person, whatever session or token that person comes with. */
export const ownerOf = ({ userId, username }: Identity): string => (userId === null ? username : `#${userId}`);

/** All terminals. They live here, whether somebody looks at them or not, until their shell ends or they are ended. */
@Injectable()
export class TerminalSessions implements OnModuleDestroy {
  private readonly sessions = new Map<string, Kept>();
  private readonly claims = new SessionClaims();
  private readonly opening = new Set<Promise<unknown>>();
  private readonly endings = new Map<string, { owner: string; ending: TerminalEnding }>();
  private readonly stopListening: () => void;
  private isClosing = false;

  constructor(
    private readonly host: PtyHost,
    private readonly places: ShellPlaces,
    private readonly clock: Clock,
    private readonly events: DomainEvents,
    private readonly audit: AuditTrail,
  ) {
    this.stopListening = events.on('instance.removed', ({ id }) => {
      for (const { live } of this.ofInstance(id)) void live.end('instance_removed');
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.stopListening();
    await this.endAll();
  }

  /** The terminals of a person, oldest first. */
  list(owner: string): TerminalSession[] {
    return [...this.sessions.values()].filter(({ live }) => live.owner === owner).map(({ live }) => live.view);
  }

  /**
   * Start a shell in the folder of an instance.
   *
   * @throws AppError `rate_limited`, `start_failed`, `unavailable`, or what keeps the instance's folder from being used
   */
  async open(caller: Caller, wish: OpenWish): Promise<TerminalSession> {
    if (this.isClosing) throw new AppError('unavailable', 'The server is being stopped.');
    const claim = this.claims.claim({ ...wish, owner: ownerOf(caller.identity), instanceId: wish.instance_id });
    const opening = this.start(caller, claim, wish);
    this.opening.add(opening);
    try {
      return await opening;
    } catch (error) {
      this.claims.release(claim);
      this.record(caller, 'terminal.opened', wish.instance_id, 'failed');
      throw error;
    } finally {
      this.opening.delete(opening);
    }
  }

  /**
   * @throws AppError `forbidden` when it is somebody else's; `not_found`, which says how it ended if that is known
   */
  find(owner: string, id: string): LiveSession {
    const found = this.sessions.get(id)?.live ?? this.endings.get(id);
    if (found && found.owner !== owner) throw new AppError('forbidden', 'This terminal belongs to somebody else.');
    if (found instanceof LiveSession) return found;
    if (found) throw new AppError('not_found', found.ending.message);
    throw new AppError('not_found', 'This terminal is no more: it was closed, or the server was started anew.');
  }

  /** End a terminal and all that runs in it. @throws as `find` */
  async close(owner: string, id: string): Promise<void> {
    await this.find(owner, id).end('closed');
  }

  /** End all of them because the server stops, and open none any more. */
  async endAll(): Promise<void> {
    this.isClosing = true;
    await Promise.allSettled(this.opening);
    await Promise.all([...this.sessions.values()].map(({ live }) => live.end('server_stopped')));
  }

  private async start(caller: Caller, claim: Claim, { cols, rows }: OpenWish): Promise<TerminalSession> {
    const pty = await this.spawn(claim.instanceId, cols, rows);
    const description: TerminalSession = {
      id: randomUUID(),
      instance_id: claim.instanceId,
      name: claim.name,
      opened_at: this.clock.now().toISOString(),
      cols,
      rows,
      idle_end_at: null,
    };
    const live = new LiveSession(claim.owner, description, pty, this.clock, {
      changed: ({ owner, view }) => this.events.emit('terminal.changed', { owner, session: view }),
      ended: (session, ending) => this.ended(session.view.id, ending),
    });
    this.sessions.set(description.id, { live, claim, caller });
    this.events.emit('terminal.opened', { owner: claim.owner, session: description });
    this.record(caller, 'terminal.opened', claim.instanceId, 'ok');
    return description;
  }

  private async spawn(instanceId: number, cols: number, rows: number): Promise<Pty> {
    const removed = this.watchRemoval(instanceId);
    try {
      const { cwd, env } = await this.places.plan(instanceId);
      const pty = await this.host.open({ argv: ['bash', '--rcfile', startupFile, '-i'], cwd, env, cols, rows });
      if (!removed.yet()) return pty;
      await pty.end(0);
      throw notFound(`instance ${instanceId}`);
    } catch (error) {
      if (error instanceof PtyError) throw new AppError('start_failed', error.message, { cause: error });
      throw error;
    } finally {
      removed.stop();
    }
  }

  /** An instance can be deleted while its folder is being made ready. */
  private watchRemoval(instanceId: number): { yet(): boolean; stop(): void } {
    let isRemoved = false;
    const stop = this.events.on('instance.removed', ({ id }) => (isRemoved ||= id === instanceId));
    return { yet: () => isRemoved, stop };
  }

  private ended(id: string, ending: TerminalEnding): void {
    const kept = this.sessions.get(id);
    if (!kept) return;
    const { live, claim, caller } = kept;
    this.sessions.delete(id);
    this.claims.release(claim);
    this.endings.set(id, { owner: live.owner, ending });
    const [oldest] = this.endings.keys();
    if (this.endings.size > maxEndings && oldest !== undefined) this.endings.delete(oldest);
    this.events.emit('terminal.closed', { owner: live.owner, id, instance_id: claim.instanceId, ending });
    this.record(caller, 'terminal.ended', claim.instanceId, 'ok', ending.reason);
  }

  private ofInstance(id: number): Kept[] {
    return [...this.sessions.values()].filter(({ claim }) => claim.instanceId === id);
  }

  private record(
    { identity, address }: Caller,
    action: 'terminal.opened' | 'terminal.ended',
    instanceId: number,
    result: 'ok' | 'failed',
    code: string | null = null,
  ): void {
    const via = identity.via;
    this.audit.record({ actor: identity.username, via, address, action, target: String(instanceId), result, code });
  }
}
