import { randomUUID } from 'node:crypto';
import { type INestApplicationContext, Logger } from '@nestjs/common';
import type { RequestHandler, Response } from 'express';
import { type AppError, Gate, type GatedRequest, toAppError } from '@aikore/api/kernel';
import { AuditLog } from '../audit/audit-log';
import { auditRequest } from '../audit/audit-request';
import { isSafe } from './request-target';
import { securityHeaders } from './security-headers';

/**
 * What every request to the console goes through, before anything else looks at it: a request id, the security
 * headers, the audit, and the gate. `app.use(...gateMiddleware(app))`, before body parsers, static files and the API.
 */
export function gateMiddleware(app: INestApplicationContext): RequestHandler[] {
  return [withRequestId, securityHeaders(), admission(app.get(Gate), app.get(AuditLog))];
}

const withRequestId: RequestHandler = (request: GatedRequest, response, next) => {
  request.requestId = randomUUID();
  response.setHeader('X-Request-Id', request.requestId);
  next();
};

function admission(gate: Gate, audit: AuditLog): RequestHandler {
  const logger = new Logger('Gate');
  const admit = (request: GatedRequest, response: Response): boolean => {
    try {
      const verdict = gate.judge(request, { kind: 'console' });
      if (!verdict.refused) {
        request.identity = verdict.identity;
        auditRequest(audit, request, response);
        return true;
      }
      answer(request, response, verdict.refused);
    } catch (thrown) {
      logger.error('The gate failed', thrown);
      answer(request, response, toAppError(thrown));
    }
    return false;
  };
  return (request, response, next) => {
    if (admit(request, response)) next();
  };
}

function answer(request: GatedRequest, response: Response, error: AppError): void {
  response.setHeader('Cache-Control', 'no-store');
  const isPage = isSafe(request) && request.accepts(['json', 'html']) === 'html';
  if (error.code === 'setup_required' && isPage) return response.redirect(302, '/setup');
  response.status(error.status).json({ error: error.toWire(request.requestId) });
}
