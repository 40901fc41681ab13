import { AppError } from '@aikore/api/kernel';

/** The app cannot be reached yet, or no more: worth another try soon. */
const notListening = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_DESTROYED',
  'UND_ERR_CLOSED',
]);
const tooSlow = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);
const wrongRequest = new Set(['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED']);

/** What went wrong with an app, as status, what to say, and whether the waiting page fits. */
export interface Failure {
  readonly status: number;
  readonly error: AppError;
  readonly isDown: boolean;
}

const codeOf = (cause: unknown): string => {
  const error = cause as { code?: unknown; errors?: unknown[] } | null;
  const code = error?.code ?? (error?.errors?.[0] as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : '';
};

/** Connection lost before any byte of an answer: a kept connection that the app closed at the same moment. */
export const isLostConnection = (cause: unknown): boolean => /^(UND_ERR_SOCKET|ECONNRESET|EPIPE)$/.test(codeOf(cause));

export function failureOf(cause: unknown, appName: string): Failure {
  const code = codeOf(cause);
  if (notListening.has(code)) return down(appName, cause);
  if (tooSlow.has(code)) {
    const message = `${appName} took too long to answer. Look at its log, or restart it.`;
    return { status: 504, error: new AppError('timed_out', message, { cause }), isDown: false };
  }
  if (wrongRequest.has(code)) {
    return { status: 400, error: new AppError('validation_failed', 'The request cannot be passed on.'), isDown: false };
  }
  const message = `${appName} broke off its answer or sent one that is not HTTP. Look at its log, or restart it.`;
  return { status: 502, error: new AppError('unavailable', message, { cause }), isDown: false };
}

export const down = (appName: string, cause?: unknown): Failure => ({
  status: 503,
  error: new AppError('unavailable', `${appName} does not answer at the moment. Try again soon.`, { cause }),
  isDown: true,
});
