import { Logger, type OnModuleDestroy } from '@nestjs/common';
import type { DataSource, Repository } from 'typeorm';
import type { DomainEvents } from '@aikore/api/kernel';
import { SessionEntity } from '@aikore/database';
import type { Clock, Timer } from '@aikore/platform';
import { hashSecret, newSecret } from './secrets';

/** A session ends after this long without a request, and at the latest this long after the login (ms). */
export const sessionLimits = { idle: 12 * 3_600_000, absolute: 30 * 24 * 3_600_000 } as const;
const writeLastSeenEvery = 60_000;
const sweepEvery = 60_000;
const maxPerUser = 100;

interface Session {
  readonly userId: number;
  readonly expiresAt: number;
  lastSeen: number;
  written: number;
}

/** Where a session is used from; shown to its owner. */
export interface SessionOrigin {
  address: string | null;
  userAgent: string | null;
}

/**
 * Browser sessions: an opaque random id of which only the SHA-256 is kept. All of them are in memory (this server is
 * the only writer), so that judging a request asks no database and an unknown id costs one map look-up.
 */
export class Sessions implements OnModuleDestroy {
  private readonly logger = new Logger('Sessions');
  private readonly live = new Map<string, Session>();
  /** Ended, so refused, but their rows are not deleted yet: a restart must not bring them back. */
  private readonly ended = new Set<string>();
  private sweep: Timer;

  private constructor(
    private readonly rows: Repository<SessionEntity>,
    private readonly clock: Clock,
    private readonly events: DomainEvents,
  ) {
    this.sweep = this.schedule();
  }

  static async load(dataSource: DataSource, clock: Clock, events: DomainEvents): Promise<Sessions> {
    const sessions = new Sessions(dataSource.getRepository(SessionEntity), clock, events);
    for (const row of await sessions.rows.find({ order: { created_at: 'ASC' } })) {
      const lastSeen = Date.parse(row.last_seen_at);
      sessions.live.set(row.id_hash, {
        userId: row.user_id,
        expiresAt: Date.parse(row.expires_at),
        lastSeen,
        written: lastSeen,
      });
    }
    await sessions.endExpired();
    return sessions;
  }

  /** @returns the secret for the cookie; it is kept nowhere else */
  async begin(userId: number, from: SessionOrigin): Promise<string> {
    await this.makeRoom(userId);
    const [secret, now] = [newSecret(), this.now()];
    const [key, expiresAt] = [hashSecret(secret), now + sessionLimits.absolute];
    await this.rows.insert({
      id_hash: key,
      user_id: userId,
      created_at: iso(now),
      last_seen_at: iso(now),
      expires_at: iso(expiresAt),
      address: from.address,
      user_agent: from.userAgent?.slice(0, 256) ?? null,
    });
    this.live.set(key, { userId, expiresAt, lastSeen: now, written: now });
    return secret;
  }

  /** The session of a cookie's value: its key, or null. */
  keyOf(secret: string): string | null {
    const key = hashSecret(secret);
    return this.live.has(key) && !this.ended.has(key) ? key : null;
  }

  /** The user of a live session; counts as use of it. Null when it is unknown or over. */
  use(key: string): number | null {
    const session = this.live.get(key);
    const now = this.now();
    // An expired one is ended by the sweep.
    if (!session || this.ended.has(key) || isOver(session, now)) return null;
    session.lastSeen = now;
    if (now - session.written >= writeLastSeenEvery) this.writeLastSeen(key, session);
    return session.userId;
  }

  /**
   * End a session: no request of it passes from now on, and its sockets are closed. Should its row not be deleted, the
   * sweep tries again.
   *
   * @throws what the database threw
   */
  async end(key: string): Promise<void> {
    if (!this.live.has(key)) return;
    if (!this.ended.has(key)) {
      this.ended.add(key);
      this.events.emit('credential.ended', { credential: sessionCredential(key) });
    }
    await this.rows.delete({ id_hash: key });
    this.live.delete(key);
    this.ended.delete(key);
  }

  onModuleDestroy(): void {
    this.sweep.cancel();
  }

  /** End what is over, and delete the rows that could not be deleted before; never throws. */
  private async endExpired(): Promise<void> {
    const now = this.now();
    for (const [key, session] of [...this.live]) {
      if (!this.ended.has(key) && !isOver(session, now)) continue;
      await this.end(key).catch((error: unknown) => {
        this.logger.error('A session that has ended stays in the database; tried again in a minute', error);
      });
    }
  }

  private schedule(): Timer {
    return this.clock.setTimeout(() => {
      this.sweep = this.schedule();
      void this.endExpired();
    }, sweepEvery);
  }

  /** Sessions of a user are bounded; the ones begun first go. */
  private async makeRoom(userId: number): Promise<void> {
    const own = [...this.live].filter(([, session]) => session.userId === userId);
    for (const [key] of own.slice(0, Math.max(0, own.length - maxPerUser + 1))) await this.end(key);
  }

  private writeLastSeen(key: string, session: Session): void {
    session.written = session.lastSeen;
    this.rows
      .update({ id_hash: key }, { last_seen_at: iso(session.lastSeen) })
      .catch((error: unknown) => this.logger.warn(`The last use of a session was not written: ${String(error)}`));
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}

const prefix = 'session:';
export const sessionCredential = (key: string): string => prefix + key;
export const sessionKeyOf = (credential: string): string | null =>
  credential.startsWith(prefix) ? credential.slice(prefix.length) : null;

const isOver = (session: Session, now: number): boolean =>
  now >= session.expiresAt || now - session.lastSeen >= sessionLimits.idle;
const iso = (ms: number): string => new Date(ms).toISOString();
