import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { type Identity, isSecure } from '@aikore/api/kernel';
import { AuditLog } from '../audit/audit-log';
import { whence } from '../audit/whence';
import { Credentials } from '../credentials/credentials';
import { AppCookies } from './app-cookies';
import { Tickets } from './tickets';

/** How a browser gets from the console to an app's origin: with a ticket, which becomes the app's own cookie. */
@Injectable()
export class AppEntry {
  constructor(
    private readonly tickets: Tickets,
    private readonly cookies: AppCookies,
    private readonly credentials: Credentials,
    private readonly audit: AuditLog,
  ) {}

  issueTicket(identity: Identity, instanceId: number): string {
    return this.tickets.issue(identity.credential, instanceId);
  }

  /** @returns the `Set-Cookie` value, or null when the ticket is unknown, used or old, or its login is over */
  redeemTicket(request: IncomingMessage, ticket: string, instanceId: number): string | null {
    const credential = this.tickets.redeem(ticket, instanceId);
    const identity = credential === null ? null : this.credentials.resolve(credential);
    const entry = { action: 'ticket.redeemed', target: String(instanceId), ...whence(request) };
    if (!identity) {
      this.audit.denied({ ...entry, actor: null, code: 'ticket_invalid' });
      return null;
    }
    this.audit.record({ ...entry, actor: identity.username, via: identity.via, result: 'ok' });
    return this.cookies.issue(identity.credential, instanceId, isSecure(request));
  }
}
