import type { Response } from 'express';
import type { GatedRequest } from '@aikore/api/kernel';
import { remoteAddress } from '../gate/remote-address';
import { isBelow, isSafe, pathOf } from '../gate/request-target';
import type { AuditEntry, AuditLog } from './audit-log';

const denials = new Set([401, 403, 421, 429]);

/** Details that only the handler knows, such as whose login it is; kept in `response.locals.audit`. */
export type AuditDetails = Partial<Pick<AuditEntry, 'actor' | 'target' | 'code'>>;

/** Tell the audit what the request alone does not show. */
export function describeForAudit(response: Response, details: AuditDetails): void {
  response.locals['audit'] = { ...(response.locals['audit'] as AuditDetails | undefined), ...details };
}

/** Record a request to the API when it has been answered: whatever changes something, and every denial. */
export function auditRequest(audit: AuditLog, request: GatedRequest, response: Response): void {
  if (!isBelow(pathOf(request), '/api')) return;
  response.once('close', () => {
    const status = response.writableFinished ? response.statusCode : null;
    const denied = status !== null && denials.has(status);
    if (isSafe(request) && !denied) return;
    const entry = entryOf(request, response, status);
    if (denied) audit.denied(entry);
    else audit.record({ ...entry, result: status !== null && status < 400 ? 'ok' : 'failed' });
  });
}

function entryOf(request: GatedRequest, response: Response, status: number | null): Omit<AuditEntry, 'result'> {
  const pattern = (request.route as { path?: unknown } | undefined)?.path;
  const ids = Object.values(request.params).map((value) => String(value).slice(0, 64));
  return {
    actor: request.identity?.username ?? null,
    via: request.identity?.via ?? null,
    address: remoteAddress(request),
    action: `${request.method} ${typeof pattern === 'string' ? pattern : '(no route)'}`,
    target: typeof pattern === 'string' && ids.length > 0 ? ids.join('/') : null,
    status,
    request_id: request.requestId ?? null,
    ...(response.locals['audit'] as AuditDetails | undefined),
  };
}
