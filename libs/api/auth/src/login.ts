import { Injectable } from '@nestjs/common';
import { AppError } from '@aikore/api/kernel';
import type { UserEntity } from '@aikore/database';
import { Users } from './credentials/users';
import { LoginLimiter } from './passwords/login-limiter';
import { PasswordHasher } from './passwords/password-hasher';

/** Checks names and passwords; tells nobody which of the two was wrong, by its answer or by its time. */
@Injectable()
export class Login {
  constructor(
    private readonly users: Users,
    private readonly hasher: PasswordHasher,
    private readonly limiter: LoginLimiter,
  ) {}

  /** @throws AppError rate_limited, bad_credentials */
  async check(username: string, password: string, address: string): Promise<UserEntity> {
    const seconds = this.limiter.attempt(username, address);
    if (seconds > 0) throw tooManyAttempts(seconds);
    const user = this.users.byName(username);
    if (!(await this.hasher.verify(user?.password_hash ?? null, password)) || !user) {
      throw new AppError('bad_credentials', 'The name or the password is wrong.');
    }
    this.limiter.succeeded(username, address);
    return user;
  }
}

const tooManyAttempts = (seconds: number): AppError =>
  new AppError('rate_limited', `Too many attempts. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`, {
    retryAfter: seconds,
  });
