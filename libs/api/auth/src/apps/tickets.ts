import { Injectable } from '@nestjs/common';
import { Clock } from '@aikore/platform';
import { newSecret } from '../credentials/secrets';

const lifetimeMs = 30_000;
const maxTickets = 1000;

interface Ticket {
  readonly instanceId: number;
  readonly credential: string;
  readonly expires: number;
}

/** Single-use tickets with which a browser enters an app's origin. In memory: they live for 30 s. */
@Injectable()
export class Tickets {
  private readonly tickets = new Map<string, Ticket>();

  constructor(private readonly clock: Clock) {}

  issue(credential: string, instanceId: number): string {
    const ticket = newSecret();
    this.tickets.set(ticket, { instanceId, credential, expires: this.clock.monotonic() + lifetimeMs });
    this.forgetOld();
    return ticket;
  }

  /** Use a ticket up, right instance or not; the credential that it was issued for, or null. */
  redeem(ticket: string, instanceId: number): string | null {
    const found = this.tickets.get(ticket);
    this.tickets.delete(ticket);
    if (found?.instanceId !== instanceId || this.clock.monotonic() >= found.expires) return null;
    return found.credential;
  }

  /** The map is in order of issue, so the old ones are in front. */
  private forgetOld(): void {
    const now = this.clock.monotonic();
    for (const [ticket, { expires }] of this.tickets) {
      if (expires > now && this.tickets.size <= maxTickets) return;
      this.tickets.delete(ticket);
    }
  }
}
