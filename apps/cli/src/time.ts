import { usageError } from './exit-codes';

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/**
 * A moment that a person names: a time span before now (`90s`, `10m`, `2h`, `1h30m`, `7d`) or an ISO 8601 date.
 *
 * @param now milliseconds since 1970
 * @throws CliError (usage) for anything else
 */
export function parseMoment(text: string, now: number): Date {
  const span = parseSpan(text);
  if (span !== null) return new Date(now - span);
  const moment = new Date(text);
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(moment.getTime())) return moment;
  throw usageError(`"${text}" is no time: write a span such as 10m or 2h30m, or a date such as 2026-01-31T12:00.`);
}

/** Milliseconds of `1h30m`; null when it is no time span. */
function parseSpan(text: string): number | null {
  if (!/^(\d{1,9}[smhdw])+$/.test(text)) return null;
  let span = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)([smhdw])/g))
    span += Number(amount) * unitMs[unit as keyof typeof unitMs];
  return span;
}

/** A whole number of an option. @throws CliError (usage) */
export function parseCount(option: string, text: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw usageError(`--${option} must be a whole number from ${min} to ${max}, not "${text}".`);
}

/** `45s`, `12m`, `3h`, `2d`: how long ago, in the largest whole unit. */
export function ago(iso: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(iso)) / 1000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}
