import { AppError } from '@aikore/api/kernel';

/**
 * A reader says where to begin in one way.
 *
 * @param field how the request names `tail`, for the error
 * @throws AppError `validation_failed` when both are given
 */
export function assertFromOrTail({ from, tail }: { from?: number; tail?: number }, field: string): void {
  if (from === undefined || tail === undefined) return;
  throw new AppError('validation_failed', 'Give `from` or `tail`, not both.', {
    fields: [{ path: field, message: 'must not be given together with from' }],
  });
}
