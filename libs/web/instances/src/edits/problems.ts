import type { ApiError } from '@aikore/web/data';
import { fieldNames, type RowField, type RowProblems } from './row-edit';

interface Issue {
  readonly path: string | readonly PropertyKey[];
  readonly message: string;
}

/** Sorts what is wrong by field; null when nothing is. */
export function problemsOf(issues: readonly Issue[]): RowProblems | null {
  if (issues.length === 0) return null;
  const problems: RowProblems = {};
  for (const { path, message } of issues) {
    const key = String(typeof path === 'string' ? path.split('.')[0] : (path[0] ?? ''));
    const field = key in fieldNames ? (key as RowField) : '';
    problems[field] ??= message;
  }
  return problems;
}

/** A request that was refused, or got no answer. */
export type Refusal = Pick<ApiError, 'code' | 'message' | 'fields' | 'unreachable'>;

/** Why a row was refused, and what to do; nothing that was typed is lost by that. */
export function refusalOf(error: Refusal): RowProblems {
  if (error.code === 'name_taken') return { name: `is not free: ${error.message}` };
  if (error.code === 'port_taken') return { port: `is not free: ${error.message}` };
  if (error.code === 'unauthenticated') return { '': 'Not saved: your session had ended. Save again.' };
  if (error.code === 'not_found') return { '': 'Not saved: it was deleted meanwhile.' };
  if (error.unreachable) return { '': 'Not saved: the server does not answer. Save again when it is back.' };
  return problemsOf(error.fields) ?? { '': error.message };
}

/** One line each, for below the row. */
export const problemLines = (problems: RowProblems | undefined): string[] =>
  Object.entries(problems ?? {}).map(([field, text]) => (field ? `${fieldNames[field as RowField]} ${text}` : text));
