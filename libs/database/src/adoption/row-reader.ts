import { shown, type AdoptionNote } from './adoption-note';
import type { LegacyRow, LegacyValue } from './legacy-rows';

const truthy = /^(?:1|true|t|yes|y|on)$/i;
const falsy = /^(?:0|false|f|no|n|off)?$/i;

/** Reads the columns of one old row as what they should be, and notes each value that is something else. */
export class RowReader {
  constructor(
    readonly row: LegacyRow,
    readonly id: number,
    private readonly notes: AdoptionNote[],
  ) {}

  note(field: string, old: LegacyValue | boolean, now: LegacyValue | boolean, reason: string): void {
    this.notes.push({ instance_id: this.id, field, old_value: shown(old), new_value: shown(now), reason });
  }

  /** The value as it stands; null when this version of the schema has no such column. */
  raw(field: string): LegacyValue {
    return this.row[field] ?? null;
  }

  text(field: string): string | null {
    const value = this.raw(field);
    if (value === null || typeof value === 'string') return value;
    const text = Buffer.isBuffer(value) ? value.toString('utf8') : String(value);
    this.note(field, value, text, 'It was not a text.');
    return text;
  }

  /** @param least smallest and @param most greatest value that makes sense. */
  integer(field: string, least: number, most: number): number | null {
    const value = this.raw(field);
    if (value === null) return null;
    const number = typeof value === 'string' && /^\s*-?\d+\s*$/.test(value) ? Number(value) : value;
    const fits = typeof number === 'number' && Number.isSafeInteger(number) && number >= least && number <= most;
    if (fits && number === value) return number;
    this.note(
      field,
      value,
      fits ? number : null,
      fits ? 'It was not a number.' : `It was no number from ${least} to ${most}.`,
    );
    return fits ? number : null;
  }

  /** False when the column is not there. */
  flag(field: string): boolean {
    const value = this.row[field];
    if (value === undefined || value === 0) return false;
    if (value === 1) return true;
    const flag = typeof value === 'number' ? value !== 0 : typeof value === 'string' && truthy.test(value.trim());
    const clear = typeof value === 'number' || (typeof value === 'string' && (flag || falsy.test(value.trim())));
    this.note(
      field,
      value,
      flag,
      clear ? 'It was not written as 0 or 1.' : 'It was neither true nor false; taken for false.',
    );
    return flag;
  }
}
