import { type ErrorCode, errorStatus, type WireError } from '@aikore/contract';

/**
 * An error that a client is meant to see. `message` is a sentence that says what to do; the cause, when there is
 * one, is for the server's log only.
 */
export class AppError extends Error {
  readonly status: number;

  constructor(
    readonly code: ErrorCode,
    message: string,
    /**
     * `retryAfter`: seconds after which it is worth trying again; HTTP answers carry it as `Retry-After`.
     * `current`: what is there now, for a `conflict`.
     */
    readonly options: { cause?: unknown; fields?: WireError['fields']; retryAfter?: number; current?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.status = errorStatus[code];
  }

  toWire(requestId?: string): WireError {
    return {
      code: this.code,
      message: this.message,
      ...(this.options.fields ? { fields: this.options.fields } : {}),
      ...(this.options.current === undefined ? {} : { current: this.options.current }),
      ...(requestId ? { request_id: requestId } : {}),
    };
  }
}

export const notFound = (what: string): AppError => new AppError('not_found', `There is no ${what}.`);
