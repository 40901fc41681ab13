import { type ErrorCode, errorStatus, type WireError } from '@aikore/contract';

/** What the exit code of `aikore` means; scripts rely on it. */
export const exitCodes = {
  ok: 0,
  error: 1,
  usage: 2,
  notAllowed: 3,
  notFound: 4,
  conflict: 5,
  unreachable: 6,
  timedOut: 7,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends the command with a sentence for a person on stderr. */
export class CliError extends Error {
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    /** The server's own code, when it was the server that refused. */
    readonly code: ErrorCode | null = null,
  ) {
    super(message);
  }
}

const byStatus: Readonly<Partial<Record<number, ExitCode>>> = {
  400: exitCodes.usage,
  401: exitCodes.notAllowed,
  403: exitCodes.notAllowed,
  404: exitCodes.notFound,
  409: exitCodes.conflict,
  421: exitCodes.notAllowed,
  504: exitCodes.timedOut,
};

/** What says more than its HTTP status does. */
const byCode: Readonly<Partial<Record<ErrorCode, ExitCode>>> = {
  unavailable: exitCodes.unreachable,
  start_failed: exitCodes.error,
};

/** The error of a server's refusal. */
export function refusal({ code, message }: WireError): CliError {
  const hint = code === 'unauthenticated' ? ' Run `aikore login`.' : '';
  const exitCode = byCode[code] ?? byStatus[errorStatus[code]] ?? exitCodes.error;
  return new CliError(exitCode, `${message}${hint}`, code);
}

export const usageError = (message: string): CliError => new CliError(exitCodes.usage, message);
