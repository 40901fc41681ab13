import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { type GateTarget, type Identity, isSecure } from '@aikore/api/kernel';
import { AppCookies } from '../apps/app-cookies';
import { ApiTokens, tokenCredential, tokenIdOf } from './api-tokens';
import { ownBearer } from './bearer';
import { cookieValues, sessionCookieName } from './cookies';
import { InstallKeys } from './install-keys';
import { sessionCredential, sessionKeyOf, Sessions } from './sessions';
import { Users } from './users';

/**
 * Who sent a request, and by what it is known. A `bearer` is added by a program on purpose; a `cookie` is added by
 * the browser to whatever page made the request; `ambient` is the identity that everybody has without a login.
 */
export interface Sender {
  readonly identity: Identity | null;
  readonly by: 'bearer' | 'cookie' | 'ambient' | null;
}

const nobody: Sender = { identity: null, by: null };
const anyone: Identity = { userId: null, username: 'anyone', role: 'admin', via: 'none', credential: 'none' };

/** From credentials to identities. */
export abstract class Credentials {
  /** The sender of a request to the console or to an app's origin, which has its own cookie. */
  abstract identify(request: IncomingMessage, target: GateTarget): Sender;

  /** The identity behind `Identity.credential`, while it is live. */
  abstract resolve(credential: string): Identity | null;
}

/** With the login turned off everybody is the admin. */
export class NoLogin extends Credentials {
  identify(request: IncomingMessage): Sender {
    return { identity: anyone, by: ownBearer(request.headers.authorization) === null ? 'ambient' : 'bearer' };
  }

  resolve(credential: string): Identity | null {
    return credential === anyone.credential ? anyone : null;
  }
}

/** Of users that log in. A bearer of ours counts alone: a wrong one is not made good by a cookie. */
@Injectable()
export class UserCredentials extends Credentials {
  constructor(
    private readonly keys: InstallKeys,
    private readonly users: Users,
    private readonly sessions: Sessions,
    private readonly tokens: ApiTokens,
    private readonly appCookies: AppCookies,
  ) {
    super();
  }

  identify(request: IncomingMessage, target: GateTarget): Sender {
    const bearer = ownBearer(request.headers.authorization);
    if (bearer !== null) {
      const id = this.tokens.idOf(bearer);
      return { identity: id === null ? null : this.resolve(tokenCredential(id)), by: 'bearer' };
    }
    const identity = target.kind === 'console' ? this.bySession(request) : this.byAppCookie(request, target.instanceId);
    return identity ? { identity, by: 'cookie' } : nobody;
  }

  resolve(credential: string): Identity | null {
    const key = sessionKeyOf(credential);
    if (key !== null) return this.identity(this.sessions.use(key), 'session', credential);
    const id = tokenIdOf(credential);
    return id === null ? null : this.identity(this.tokens.use(id), 'token', credential);
  }

  private bySession(request: IncomingMessage): Identity | null {
    const name = sessionCookieName(this.keys.installId, isSecure(request));
    for (const secret of cookieValues(request.headers.cookie, name)) {
      const key = this.sessions.keyOf(secret);
      if (key !== null) return this.resolve(sessionCredential(key));
    }
    return null;
  }

  private byAppCookie(request: IncomingMessage, instanceId: number): Identity | null {
    const credential = this.appCookies.credentialIn(request.headers.cookie, instanceId, isSecure(request));
    return credential === null ? null : this.resolve(credential);
  }

  private identity(userId: number | null, via: Identity['via'], credential: string): Identity | null {
    const user = userId === null ? null : this.users.byId(userId);
    return user && { userId: user.id, username: user.username, role: user.role, via, credential };
  }
}
