import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { Response } from 'express';
import type { GatedRequest } from '../http/identity';
import { isUnexpected, toAppError } from './to-app-error';

/** The one place where an error becomes an HTTP answer: `{error: WireError}`. */
@Catch()
export class HttpErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<GatedRequest>();
    const response = host.switchToHttp().getResponse<Response>();
    const error = toAppError(thrown);
    if (isUnexpected(error)) {
      const cause = error.options.cause;
      this.logger.error(
        `${request.method} ${request.path} (${request.requestId})`,
        cause instanceof Error ? cause.stack : String(cause),
      );
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const { retryAfter } = error.options;
    if (retryAfter !== undefined) response.setHeader('Retry-After', String(retryAfter));
    response.status(error.status).json({ error: error.toWire(request.requestId) });
  }
}
