import type { LegacyValue } from './legacy-rows';

/** A value that was not taken over as it stood. Null as `instance_id`: it is about the file. */
export interface AdoptionNote {
  instance_id: number | null;
  field: string;
  old_value: string | null;
  new_value: string | null;
  /** A sentence for a person. */
  reason: string;
}

/** A value as a note keeps it: blobs as SQL writes them, so that nothing of them is lost. */
export const shown = (value: LegacyValue | boolean): string | null => {
  if (value === null) return null;
  if (Buffer.isBuffer(value)) return `x'${value.toString('hex')}'`;
  return typeof value === 'boolean' ? String(Number(value)) : String(value);
};
