import type { ErrorCode, WireError } from '@aikore/contract';

/** A refused request: the server's `WireError`, or `unavailable` when it could not be reached. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly fields: readonly { path: string; message: string }[];
  /** With `conflict`: what is there now, in the shape that the route answers with. */
  readonly current: unknown;

  /** @param status the HTTP status; 0 when there was no answer (or the request went over a socket). */
  constructor(
    wire: WireError,
    readonly status = 0,
  ) {
    super(wire.message);
    this.code = wire.code;
    this.fields = wire.fields ?? [];
    this.current = wire.current;
  }

  /** True when the server could not be reached at all. */
  get unreachable(): boolean {
    return this.status === 0 && this.code === 'unavailable';
  }
}

/** The sentence to show for anything that was thrown; the offending fields are named. */
export function errorMessage(error: unknown): string {
  if (error instanceof ApiError) {
    const fields = error.fields.map(({ path, message }) => (path ? `${path} ${message}` : message));
    return [error.message, ...fields.filter((text) => !error.message.includes(text))].join(' · ');
  }
  return error instanceof Error ? error.message : String(error);
}

const fallback: Partial<Record<number, ErrorCode>> = {
  400: 'validation_failed',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  413: 'payload_too_large',
  429: 'rate_limited',
  503: 'unavailable',
};

/** Reads the error of an answer; anything that is no `{error: WireError}` gets a code by its status. */
export function errorFromBody(status: number, body: unknown): ApiError {
  if (typeof body === 'object' && body !== null && 'error' in body) {
    const wire = body.error as WireError;
    if (typeof wire?.code === 'string' && typeof wire.message === 'string') return new ApiError(wire, status);
  }
  const code = fallback[status] ?? 'internal';
  return new ApiError({ code, message: `The server answered with status ${status}. Look at its log.` }, status);
}

/** The error of a request that got no answer. */
export const unreachable = (): ApiError =>
  new ApiError({ code: 'unavailable', message: 'The server does not answer. It may be restarting: try again.' });
