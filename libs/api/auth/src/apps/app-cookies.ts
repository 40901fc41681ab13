import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '@aikore/platform';
import { appCookieName, cookieText, cookieValues } from '../credentials/cookies';
import { InstallKeys } from '../credentials/install-keys';
import { sameText } from '../credentials/secrets';
import { sessionLimits } from '../credentials/sessions';

/** As long as any session may last: the cookie is worth nothing without one, and nothing would renew it. */
const lifetimeSeconds = sessionLimits.absolute / 1000;

/**
 * The cookie with which a browser uses one app: `<instance>.<expiry>.<credential>.<mac>`, signed. It is no credential
 * of its own but points to one, and is worth nothing once that session or token has ended. Cookies are shared between
 * the ports of a host, so the instance is part of what is signed. The key outlives the server, so the cookie does too.
 */
@Injectable()
export class AppCookies {
  constructor(
    private readonly keys: InstallKeys,
    private readonly clock: Clock,
  ) {}

  /** The `Set-Cookie` value. `Lax`: links and redirects from the console must carry it. */
  issue(credential: string, instanceId: number, secure: boolean): string {
    const expiry = Math.floor(this.clock.now().getTime() / 1000) + lifetimeSeconds;
    const payload = `${instanceId}.${expiry}.${credential}`;
    const name = appCookieName(this.keys.installId, instanceId, secure);
    return cookieText(name, `${payload}.${this.sign(payload)}`, { sameSite: 'Lax', maxAge: lifetimeSeconds, secure });
  }

  /** The credential that a valid cookie of this instance points to; the caller checks that it is live. */
  credentialIn(cookieHeader: string | undefined, instanceId: number, secure: boolean): string | null {
    for (const value of cookieValues(cookieHeader, appCookieName(this.keys.installId, instanceId, secure))) {
      const credential = this.verify(value, instanceId);
      if (credential !== null) return credential;
    }
    return null;
  }

  private verify(value: string, instanceId: number): string | null {
    const [instance, expiry = '', credential = '', mac = '', ...more] = value.split('.');
    if (more.length > 0 || instance !== String(instanceId)) return null;
    if (!sameText(mac, this.sign(`${instance}.${expiry}.${credential}`))) return null;
    return Number(expiry) * 1000 > this.clock.now().getTime() ? credential : null;
  }

  private sign(payload: string): string {
    return createHmac('sha256', this.keys.appCookieKey).update(`app-cookie ${payload}`).digest('base64url');
  }
}
