import type { IncomingMessage } from 'node:http';
import { AppError, Gate, type GateTarget, type GateVerdict, type Identity } from '@aikore/api/kernel';

const identity = (via: Identity['via']): Identity => ({
  userId: 1,
  username: 'ada',
  role: 'admin',
  via,
  credential: via,
});
const token = 'aik_1_secret';

/** What the credentials of the specs look like; none of it may ever reach an app. */
export const credentials = {
  session: 'aikore_session=session-secret',
  app: (id: number) => `aikore_app_${id}=app-secret`,
  bearer: `Bearer ${token}`,
  secrets: ['session-secret', 'app-secret', 'aik_1_secret', 'aikore_', 'ticket-'],
};

/** A gate with the rules of the real one, as far as the proxy can notice. */
export class FakeGate extends Gate {
  /** What unknown visitors were turned away from, as the real gate records it. */
  readonly denials: string[] = [];
  private readonly tickets = new Map<string, number>();

  judge(request: IncomingMessage, target: GateTarget): GateVerdict {
    const verdict = this.verdict(request, target);
    if (target.required && !verdict.refused && !verdict.identity) {
      this.denials.push(`${request.url} ${target.kind === 'app' ? target.instanceId : target.kind}`);
    }
    return verdict;
  }

  hostOf(request: IncomingMessage): { name: string; port: number | null } | null {
    const [, name, port] = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::(\d+))?$/i.exec(request.headers.host ?? '') ?? [];
    return name ? { name: name.toLowerCase(), port: port ? Number(port) : null } : null;
  }

  issueTicket(_: Identity, instanceId: number): string {
    const ticket = `ticket-${this.tickets.size}`;
    this.tickets.set(ticket, instanceId);
    return ticket;
  }

  redeemTicket(_: IncomingMessage, ticket: string, instanceId: number): string | null {
    if (this.tickets.get(ticket) !== instanceId) return null;
    this.tickets.set(ticket, -1);
    return `${credentials.app(instanceId)}; HttpOnly; SameSite=Strict; Path=/`;
  }

  private verdict(request: IncomingMessage, target: GateTarget): GateVerdict {
    const host = this.hostOf(request);
    if (!host || host.name === 'evil.example') {
      return { refused: new AppError('host_not_allowed', 'This name is not known here.') };
    }
    if (request.headers.authorization === credentials.bearer) return { refused: null, identity: identity('token') };
    const cookies = request.headers.cookie ?? '';
    const own = target.kind === 'app' ? credentials.app(target.instanceId) : credentials.session;
    return { refused: null, identity: cookies.includes(own) ? identity('session') : null };
  }
}
