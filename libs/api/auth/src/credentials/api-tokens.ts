import { randomBytes } from 'node:crypto';
import { Logger, type OnModuleDestroy } from '@nestjs/common';
import type { DataSource, Repository } from 'typeorm';
import type { ApiToken } from '@aikore/contract';
import { AppError, type DomainEvents, notFound } from '@aikore/api/kernel';
import { ApiTokenEntity } from '@aikore/database';
import type { Clock, Timer } from '@aikore/platform';
import { hashSecret, newSecret, sameText } from './secrets';

const shape = /^aik_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;
const writeLastUseEvery = 60_000;
const sweepEvery = 60_000;
const dayMs = 86_400_000;
const maxPerUser = 200;

/**
 * API tokens `aik_<id>_<secret>`. The secret has 256 random bits, so its SHA-256 needs no slow hash. All of them are
 * in memory, as sessions are.
 */
export class ApiTokens implements OnModuleDestroy {
  private readonly logger = new Logger('ApiTokens');
  private readonly tokens = new Map<string, ApiTokenEntity>();
  /** Expired or revoked ones whose sockets were told to close. */
  private readonly announced = new Set<string>();
  /** Revoked, so refused, but their rows are not deleted yet: a restart must not bring them back. */
  private readonly revoked = new Set<string>();
  private sweep: Timer;

  private constructor(
    private readonly rows: Repository<ApiTokenEntity>,
    private readonly clock: Clock,
    private readonly events: DomainEvents,
  ) {
    this.sweep = this.schedule();
  }

  static async load(dataSource: DataSource, clock: Clock, events: DomainEvents): Promise<ApiTokens> {
    const tokens = new ApiTokens(dataSource.getRepository(ApiTokenEntity), clock, events);
    for (const row of await tokens.rows.find({ order: { created_at: 'ASC' } })) tokens.tokens.set(row.id, row);
    return tokens;
  }

  list(userId: number): ApiToken[] {
    return [...this.tokens.values()].filter((token) => token.user_id === userId).map(toWire);
  }

  /** @returns the token with its full text, which is shown this once */
  async create(userId: number, name: string, expiresInDays?: number): Promise<ApiToken & { token: string }> {
    if (this.list(userId).length >= maxPerUser) {
      throw new AppError('wrong_state', `There are ${maxPerUser} tokens already. Delete one that is not needed.`);
    }
    const [id, secret, now] = [randomBytes(8).toString('hex'), newSecret(), this.clock.now().getTime()];
    const row = this.rows.create({
      id,
      user_id: userId,
      name,
      secret_hash: hashSecret(secret),
      created_at: new Date(now).toISOString(),
      expires_at: expiresInDays === undefined ? null : new Date(now + expiresInDays * dayMs).toISOString(),
      last_used_at: null,
    });
    await this.rows.insert(row);
    this.tokens.set(id, row);
    return { ...toWire(row), token: `aik_${id}_${secret}` };
  }

  /**
   * Revoke a token: it is refused from now on. Should its row not be deleted, it stays in the list, this may be asked
   * for again, and the sweep tries too.
   *
   * @throws AppError not_found for a token that is not this user's; what the database threw
   */
  async remove(userId: number, id: string): Promise<void> {
    if (this.tokens.get(id)?.user_id !== userId) throw notFound('token with this id');
    this.revoked.add(id);
    this.announce(id);
    await this.erase(id);
  }

  /** The id of the token with this text; null when it is malformed, unknown or wrong. */
  idOf(text: string): string | null {
    const [, id = '', secret = ''] = shape.exec(text) ?? [];
    const row = this.tokens.get(id);
    return row && !this.revoked.has(id) && sameText(row.secret_hash, hashSecret(secret)) ? id : null;
  }

  /** The user of a token that has not expired; counts as use of it. */
  use(id: string): number | null {
    const row = this.tokens.get(id);
    const now = this.clock.now().getTime();
    if (!row || this.revoked.has(id) || isOver(row, now)) return null;
    if (now - Date.parse(row.last_used_at ?? '1970-01-01') >= writeLastUseEvery) this.writeLastUse(row, now);
    return row.user_id;
  }

  onModuleDestroy(): void {
    this.sweep.cancel();
  }

  private writeLastUse(row: ApiTokenEntity, now: number): void {
    row.last_used_at = new Date(now).toISOString();
    this.rows
      .update({ id: row.id }, { last_used_at: row.last_used_at })
      .catch((error: unknown) => this.logger.warn(`The last use of a token was not written: ${String(error)}`));
  }

  private async erase(id: string): Promise<void> {
    await this.rows.delete({ id });
    this.tokens.delete(id);
    this.announced.delete(id);
    this.revoked.delete(id);
  }

  /** Its sockets and streams are closed; said once. */
  private announce(id: string): void {
    if (this.announced.has(id)) return;
    this.announced.add(id);
    this.events.emit('credential.ended', { credential: tokenCredential(id) });
  }

  private schedule(): Timer {
    return this.clock.setTimeout(() => {
      this.sweep = this.schedule();
      void this.tidy();
    }, sweepEvery);
  }

  /** An expired token stays in the list, a revoked one must go; never throws. */
  private async tidy(): Promise<void> {
    const now = this.clock.now().getTime();
    for (const row of this.tokens.values()) if (isOver(row, now)) this.announce(row.id);
    for (const id of [...this.revoked]) {
      await this.erase(id).catch((error: unknown) => {
        this.logger.error('A revoked token stays in the database; tried again in a minute', error);
      });
    }
  }
}

const prefix = 'token:';
export const tokenCredential = (id: string): string => prefix + id;
export const tokenIdOf = (credential: string): string | null =>
  credential.startsWith(prefix) ? credential.slice(prefix.length) : null;

const isOver = (row: ApiTokenEntity, now: number): boolean =>
  row.expires_at !== null && now >= Date.parse(row.expires_at);

const toWire = ({ id, name, created_at, expires_at, last_used_at }: ApiTokenEntity): ApiToken => ({
  id,
  name,
  created_at,
  expires_at,
  last_used_at,
});
