import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { csrfHeader, type ErrorCode, errorStatus } from '@aikore/contract';
import {
  AppConfig,
  AppError,
  Gate,
  type GateTarget,
  type GateVerdict,
  type Identity,
  isSecure,
} from '@aikore/api/kernel';
import { AppEntry } from '../apps/app-entry';
import { AuditLog } from '../audit/audit-log';
import { whence } from '../audit/whence';
import { Credentials, type Sender } from '../credentials/credentials';
import { FirstAdmin } from '../setup/first-admin';
import { beforeSetup } from './before-setup';
import { type HostName, isAllowedHost, readHost } from './host-header';
import { judgeOrigin } from './origin-header';
import { isBelow, isSafe, isUpgrade, pathOf } from './request-target';

const refuse = (code: ErrorCode, message: string): GateVerdict => ({ refused: new AppError(code, message) });
/** As what a missing identity is recorded; how it is answered is the caller's matter. */
const unknown = { status: errorStatus.unauthenticated, code: 'unauthenticated' } as const;
const foreignOrigin = 'This request comes from a page of another address. Open AiKore under the address in use here.';

/**
 * The one gate (SECURITY.md §2). Cookies are added by a browser whatever page makes the request, so a request known
 * by a cookie must also show that it comes from a page of its own origin:
 *
 * - Origin, when there is one, is exact; for a WebSocket, which browsers always send it with, it must be there.
 * - On the console every method but GET and HEAD needs `X-AiKore: 1`, which a foreign page cannot send without a
 *   preflight that nobody answers. GET and HEAD change nothing and must work for what browsers load by themselves
 *   (`/api/docs`, a log's download link); foreign pages cannot read the answers (no CORS, CORP same-origin).
 * - On an app's origin, whose pages do not know that header, an unsafe method needs its Origin.
 * - Fetch metadata, where the browser sends it, must not speak of another origin unless it is a navigation.
 */
@Injectable()
export class AuthGate extends Gate {
  constructor(
    private readonly config: AppConfig,
    private readonly credentials: Credentials,
    private readonly firstAdmin: FirstAdmin,
    private readonly entry: AppEntry,
    private readonly audit: AuditLog,
  ) {
    super();
  }

  override judge(request: IncomingMessage, target: GateTarget): GateVerdict {
    const verdict = this.decide(request, target);
    if (verdict.refused) this.recordDenial(request, target, verdict.refused);
    else if (target.required && !verdict.identity) this.recordDenial(request, target, unknown);
    return verdict;
  }

  override hostOf(request: IncomingMessage): HostName | null {
    return readHost(request);
  }

  override issueTicket(identity: Identity, instanceId: number): string {
    return this.entry.issueTicket(identity, instanceId);
  }

  override redeemTicket(request: IncomingMessage, ticket: string, instanceId: number): string | null {
    return this.entry.redeemTicket(request, ticket, instanceId);
  }

  private decide(request: IncomingMessage, target: GateTarget): GateVerdict {
    const host = readHost(request);
    // A request line with a whole URL would name a second host.
    if (!host || !isAllowedHost(host.name, this.config.allowedHosts) || !request.url?.startsWith('/')) {
      return refuse(
        'host_not_allowed',
        'AiKore does not answer under this name. Use its IP address, or add the name to AIKORE_ALLOWED_HOSTS.',
      );
    }
    const origin = judgeOrigin(request.headers.origin, host, isSecure(request));
    if (origin === 'foreign') return refuse('origin_not_allowed', foreignOrigin);
    if (this.firstAdmin.pending) {
      const refused = beforeSetup(request, target);
      return refused ? { refused } : { refused: null, identity: null };
    }
    const sender = this.credentials.identify(request, target);
    return forged(request, target, sender, origin) ?? { refused: null, identity: sender.identity };
  }

  private recordDenial(
    request: IncomingMessage,
    target: GateTarget,
    { status, code }: Pick<AppError, 'status' | 'code'>,
  ): void {
    this.audit.denied({
      actor: null,
      ...whence(request),
      action: `gate.${isUpgrade(request) ? 'upgrade' : (request.method ?? '')}`,
      target: target.kind === 'app' ? String(target.instanceId) : 'console',
      status,
      code,
    });
  }
}

/** Why a request that a browser may have made for another page is refused; null when it is not. */
function forged(
  request: IncomingMessage,
  target: GateTarget,
  { by }: Sender,
  origin: 'own' | 'absent',
): GateVerdict | null {
  if (by !== 'cookie' && by !== 'ambient') return null;
  const { 'sec-fetch-site': site, 'sec-fetch-mode': mode, [csrfHeader.name]: csrf } = request.headers;
  if ((site === 'cross-site' || site === 'same-site') && mode !== 'navigate') {
    return refuse('origin_not_allowed', foreignOrigin);
  }
  if (by === 'cookie' && origin === 'absent' && isUpgrade(request)) {
    return refuse('origin_not_allowed', 'A WebSocket with a session cookie needs its Origin header.');
  }
  if (isSafe(request)) return null;
  // Pages of apps do not know our header; some of them are served below /instance, on the console's own origin.
  if (target.kind === 'console' && !isBelow(pathOf(request), '/instance')) {
    if (csrf === csrfHeader.value) return null;
    return refuse('csrf_header_missing', 'A request with a session cookie needs the header X-AiKore: 1.');
  }
  if (by === 'ambient' || origin === 'own' || site === 'same-origin') return null;
  return refuse('origin_not_allowed', 'A request with a session cookie needs its Origin header.');
}
