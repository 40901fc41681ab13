import { HttpException } from '@nestjs/common';
import { type ErrorCode, errorStatus } from '@aikore/contract';
import { z } from 'zod';
import { AppError } from './app-error';

const byStatus = new Map<number, [ErrorCode, string]>([
  [400, ['validation_failed', 'The request could not be read. Check its syntax.']],
  [401, ['unauthenticated', 'Log in first.']],
  [403, ['forbidden', 'You may not do this.']],
  [404, ['not_found', 'There is nothing at this address.']],
  [413, ['payload_too_large', 'The request is too large.']],
  [415, ['validation_failed', 'The request has a content type or encoding that is not understood. Send UTF-8 JSON.']],
]);

/** Turn a validation that failed (its words: `plainWords`) into one error that names every field. */
export function validationError(error: z.ZodError, where = ''): AppError {
  const fields = error.issues.slice(0, 20).map((issue) => ({
    path: [where, ...issue.path.map(String)].filter(Boolean).join('.'),
    message: issue.message,
  }));
  const first = fields[0];
  const text = first ? `${first.path || 'The request'}: ${first.message}.` : 'The request is not valid.';
  return new AppError('validation_failed', text, { fields });
}

function statusOf(error: unknown): number | null {
  if (error instanceof HttpException) return error.getStatus();
  // body-parser and express mark client mistakes with a 4xx `status`.
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}

const fullDisk = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL']);
const fullSentence = 'The disk of the data folder is full, so nothing could be saved. Free some space and try again.';

/** Errors of the platform, known by name because the kernel does not import it: their messages are for a person. */
function fromPlatform(error: unknown): AppError | null {
  if (!(error instanceof Error)) return null;
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined && fullDisk.has(code)) {
    // Only our own sentences say where; the database's does not.
    const where = error.name === 'StorageError' ? error.message : fullSentence;
    return new AppError('disk_full', where, { cause: error });
  }
  if (error.name === 'PathEscapeError') return new AppError('validation_failed', error.message, { cause: error });
  if (error.name === 'StorageError') {
    // A link or a folder where a file should be was put there by somebody, such as the app: no failure of the storage.
    const misplaced = ['link', 'not_a_file'].includes((error as { problem?: string }).problem ?? '');
    return new AppError(misplaced ? 'wrong_state' : 'storage_failed', error.message, { cause: error });
  }
  return null;
}

/** Map whatever was thrown to what a client may see; anything unknown becomes `internal` with no detail. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof z.ZodError) return validationError(error);
  const platform = fromPlatform(error);
  if (platform) return platform;
  const status = statusOf(error);
  const known = status === null ? undefined : byStatus.get(status);
  if (known) return new AppError(known[0], known[1], { cause: error });
  if (status !== null && status < 500)
    return new AppError('validation_failed', 'The request could not be handled.', { cause: error });
  return new AppError('internal', 'Something went wrong in the server. Its log has the details.', { cause: error });
}

/** What was thrown as a sentence for the server's own pages and log; its bare message when nothing better is known. */
export function sentenceOf(error: unknown): string {
  const known = toAppError(error);
  if (known.code !== 'internal') return known.message;
  return error instanceof Error ? error.message : String(error);
}

/** True for what should be written to the server's log: nobody's mistake but ours. */
export const isUnexpected = (error: AppError): boolean => errorStatus[error.code] === 500;
