import { createHash } from 'node:crypto';
import { maxScriptBytes } from '@aikore/contract';

/** A script as its bytes tell. */
export interface ScriptBytes {
  readonly content: string;
  /** SHA-256 of the bytes. */
  readonly etag: string;
  /** Why saving `content` would damage it, as a sentence; null: it would not. */
  readonly damage: string | null;
}

export const etagOf = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** @param bytes its start, `maxScriptBytes` at most  @param size of the whole file */
export function readScriptBytes(bytes: Uint8Array, size: number): ScriptBytes {
  const etag = etagOf(bytes);
  if (size > maxScriptBytes) {
    const damage = 'This script is larger than 1 MiB: only its beginning is shown. Edit it on the machine.';
    return { content: lossy(bytes), etag, damage };
  }
  try {
    // A byte order mark is part of the text: it is shown, and saving takes it away on purpose.
    return { content: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), etag, damage: null };
  } catch {
    const damage = 'This script holds bytes that are not UTF-8, and saving would lose them. Edit it on the machine.';
    return { content: lossy(bytes), etag, damage };
  }
}

const lossy = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
