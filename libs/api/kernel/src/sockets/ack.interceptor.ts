import { type CallHandler, type ExecutionContext, Injectable, Logger, type NestInterceptor } from '@nestjs/common';
import { type Ack, plainWords, roleAllows } from '@aikore/contract';
import { catchError, map, type Observable, of } from 'rxjs';
import { AppError } from '../errors/app-error';
import { isUnexpected, toAppError, validationError } from '../errors/to-app-error';
import type { GatedSocket } from './on-request';
import { socketRequestOf } from './socket-request';

/** Role, validation and `Ack` of every socket request: nothing is thrown across the wire. */
@Injectable()
export class AckInterceptor implements NestInterceptor {
  private readonly logger = new Logger('Sockets');

  intercept(context: ExecutionContext, next: CallHandler): Observable<Ack<unknown>> {
    try {
      this.admit(context);
    } catch (thrown) {
      return of(this.failure(thrown));
    }
    return next.handle().pipe(
      map((data: unknown): Ack<unknown> => ({ ok: true, data: data ?? {} })),
      catchError((thrown: unknown) => of(this.failure(thrown))),
    );
  }

  private admit(context: ExecutionContext): void {
    const request = socketRequestOf(context.getHandler());
    if (!request) throw new AppError('forbidden', 'This request is not open to anybody.');
    const socket = context.switchToWs().getClient<GatedSocket>();
    const identity = socket.data.identity as typeof socket.data.identity | undefined;
    if (!roleAllows(identity?.role ?? null, request.access)) {
      throw new AppError('forbidden', `This needs the role ${request.access}.`);
    }
    const parsed = request.payload.safeParse(context.switchToWs().getData<unknown>() ?? undefined, {
      error: plainWords,
    });
    if (!parsed.success) throw validationError(parsed.error);
    // Nest hands `args[1]` to the handler's payload parameter: the validated value takes its place.
    context.getArgs()[1] = parsed.data;
  }

  private failure(thrown: unknown): Ack<never> {
    const error = toAppError(thrown);
    if (isUnexpected(error)) this.logger.error(error.options.cause);
    return { ok: false, error: error.toWire() };
  }
}
