import { hash, verify } from '@node-rs/argon2';
import { AppError } from '@aikore/api/kernel';
import { ConcurrencyLimit } from './concurrency-limit';

/** OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, 2 passes, 1 lane. argon2id is the library's default. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;

/** Nobody's password: checked for unknown users, so that they take as long as known ones. */
const decoy = `$argon2id$v=19$m=19456,t=2,p=1$${'YWlrb3Jl'.repeat(2)}AAAAAA$${'A'.repeat(43)}`;

/**
 * argon2id, at most two at a time: each takes a thread of libuv's pool, which file access shares (SECURITY.md fact 12:
 * 50 parallel logins made a `stat` take 1.6 s).
 */
export class PasswordHasher {
  private readonly limit = new ConcurrencyLimit(2, 20);

  /** @throws AppError rate_limited when too many are waiting already */
  hash(password: string): Promise<string> {
    return this.pass(() => hash(password, cost));
  }

  /** @param stored null for an unknown user: takes as long, and is never right */
  async verify(stored: string | null, password: string): Promise<boolean> {
    const right = await this.pass(() => verify(stored ?? decoy, password));
    return right && stored !== null;
  }

  private pass<T>(work: () => Promise<T>): Promise<T> {
    const result = this.limit.pass(work);
    if (!result) {
      throw new AppError('rate_limited', 'Too many logins at the same time. Try again in 5 seconds.', {
        retryAfter: 5,
      });
    }
    return result;
  }
}
