import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { Me } from '@aikore/contract';
import { AppConfig, AppError, type GatedRequest, type Identity, isSecure, remoteAddress } from '@aikore/api/kernel';
import type { UserEntity } from '@aikore/database';
import { cookieText, sessionCookieName } from './cookies';
import { InstallKeys } from './install-keys';
import { sessionKeyOf, sessionLimits, Sessions } from './sessions';

/** A session together with the cookie that carries it. */
@Injectable()
export class BrowserSessions {
  constructor(
    private readonly config: AppConfig,
    private readonly keys: InstallKeys,
    private readonly sessions: Sessions,
  ) {}

  /** Always a new id (no fixation); the session that the browser had ends. */
  async begin(user: UserEntity, request: GatedRequest, response: Response): Promise<Me> {
    if (this.config.auth === 'none') {
      throw new AppError('wrong_state', 'The login is turned off (AIKORE_AUTH=none): everything is open already.');
    }
    const userAgent = request.headers['user-agent'] ?? null;
    const secret = await this.sessions.begin(user.id, { address: remoteAddress(request), userAgent });
    const before = request.identity && sessionKeyOf(request.identity.credential);
    if (before) await this.sessions.end(before);
    this.setCookie(response, secret, sessionLimits.absolute / 1000);
    return { username: user.username, role: user.role, via: 'session' };
  }

  /** End the caller's session and remove its cookie. Without a session there is nothing to end. */
  async end(caller: Identity, response: Response): Promise<void> {
    if (caller.via === 'token') {
      throw new AppError('wrong_state', 'An API token has no session to end. Delete the token instead.');
    }
    const key = sessionKeyOf(caller.credential);
    this.setCookie(response, '', 0);
    if (key) await this.sessions.end(key);
  }

  private setCookie(response: Response, value: string, maxAge: number): void {
    const secure = isSecure(response.req);
    const name = sessionCookieName(this.keys.installId, secure);
    response.append('Set-Cookie', cookieText(name, value, { sameSite: 'Strict', maxAge, secure }));
  }
}
