import type { Response } from 'express';
import { type AuditEntry, type GatedRequest, remoteAddress } from '@aikore/api/kernel';
import { isBelow, isSafe, pathOf } from '../gate/request-target';
import type { AuditLog } from './audit-log';

const denials = new Set([401, 403, 421, 429]);

/** Details that only the handler knows, such as whose login it is. */
export type AuditDetails = Partial<Pick<AuditEntry, 'actor' | 'target' | 'code'>>;

/**
 * The audit of one request to the API: whatever changes something, and every denial. What a handler did is recorded
 * when it is done, whether or not somebody still waits for the answer: a caller who hangs up changes nothing about it.
 */
export class RequestAudit {
  /** Taken at once: a socket that was destroyed has none. */
  private readonly address: string;
  private details: AuditDetails = {};
  private isHandled = false;
  private changes: boolean;

  constructor(
    private readonly audit: AuditLog,
    private readonly request: GatedRequest,
  ) {
    this.address = remoteAddress(request);
    this.changes = !isSafe(request);
  }

  describe(details: AuditDetails): void {
    this.details = { ...this.details, ...details };
  }

  /** A handler takes the request over; `settled` will follow. @param route whether it changes anything */
  handled(route: { changes: boolean }): void {
    this.isHandled = true;
    this.changes = route.changes;
  }

  /** The handler is done; `status` is its answer's, sent or not. */
  settled(status: number): void {
    this.record(status);
  }

  /** @param status of the answer; null when the caller hung up before it was sent */
  closed(status: number | null): void {
    if (!this.isHandled) this.record(status);
  }

  private record(status: number | null): void {
    const denied = status !== null && denials.has(status);
    if (!this.changes && !denied) return;
    const entry = this.entry(status);
    if (denied) this.audit.denied(entry);
    else this.audit.record({ ...entry, result: status === null ? 'unknown' : status < 400 ? 'ok' : 'failed' });
  }

  private entry(status: number | null): Omit<AuditEntry, 'result'> {
    const { request } = this;
    const pattern = (request.route as { path?: unknown } | undefined)?.path;
    const ids = Object.values(request.params).map((value) => String(value).slice(0, 64));
    return {
      actor: request.identity?.username ?? null,
      via: request.identity?.via ?? null,
      address: this.address,
      action: `${request.method} ${typeof pattern === 'string' ? pattern : '(no route)'}`,
      target: typeof pattern === 'string' && ids.length > 0 ? ids.join('/') : null,
      status,
      request_id: request.requestId ?? null,
      ...this.details,
    };
  }
}

/** Watch a request that the gate has let in; pages and their files are not audited. */
export function auditRequest(audit: AuditLog, request: GatedRequest, response: Response): void {
  if (!isBelow(pathOf(request), '/api')) return;
  const own = new RequestAudit(audit, request);
  response.locals['audit'] = own;
  response.once('close', () => own.closed(response.writableFinished ? response.statusCode : null));
}

export const auditOf = (response: Response): RequestAudit | undefined =>
  response.locals['audit'] as RequestAudit | undefined;

/** Tell the audit what the request alone does not show. */
export const describeForAudit = (response: Response, details: AuditDetails): void =>
  auditOf(response)?.describe(details);
