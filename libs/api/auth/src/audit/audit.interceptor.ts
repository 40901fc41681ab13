import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Response } from 'express';
import { type Observable, tap } from 'rxjs';
import { endpointOf, toAppError } from '@aikore/api/kernel';
import { auditOf } from './audit-request';

const created = 201;

/** Tells the audit of a request what its handler came to. Whom the guard turns away is told by the answer alone. */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const route = context.getType() === 'http' ? endpointOf(context.getHandler()) : undefined;
    const audit = route && auditOf(context.switchToHttp().getResponse<Response>());
    if (!audit) return next.handle();
    audit.handled({ changes: route.audited });
    return next.handle().pipe(
      tap({
        next: (result) => {
          const id = route.status === created ? idOf(result) : null;
          if (id !== null) audit.describe({ target: id });
          audit.settled(route.status);
        },
        error: (thrown) => {
          const { status, code } = toAppError(thrown);
          audit.describe({ code });
          audit.settled(status);
        },
      }),
    );
  }
}

/** What was made has no id in the path yet. */
function idOf(result: unknown): string | null {
  const made = (result ?? {}) as { id?: unknown; filename?: unknown };
  const id = made.id ?? made.filename;
  return typeof id === 'string' || typeof id === 'number' ? String(id) : null;
}
