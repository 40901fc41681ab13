import { Injectable } from '@angular/core';

/** What a person typed and has not saved. */
export interface ScriptDraft {
  /** Of the script that it was based on. */
  readonly etag: string;
  readonly content: string;
  /** ms since 1970 */
  readonly at: number;
}

const prefix = 'aikore.script.draft.';
/** UTF-16 units of all drafts together: browsers give an origin about five million. */
const room = 2_000_000;

/** Just what is used of `Storage`. */
export type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/**
 * Unsaved scripts, one per instance, kept in this browser until they are saved: through a reload, a lost session, a
 * server that is gone. When there is no room for a new one, the oldest others go. Where the browser allows no storage,
 * they live as long as the page.
 */
@Injectable({ providedIn: 'root' })
export class ScriptDrafts {
  private readonly memory = new Map<number, ScriptDraft>();
  private readonly storage = storageOf();

  read(instanceId: number): ScriptDraft | null {
    return this.memory.get(instanceId) ?? parse(this.storage?.getItem(prefix + instanceId) ?? null);
  }

  /** @returns false when it will not survive a reload of the page */
  write(instanceId: number, draft: ScriptDraft): boolean {
    this.memory.set(instanceId, draft);
    const text = JSON.stringify(draft);
    if (!this.storage || text.length > room) return false;
    const others = this.others(instanceId);
    while (size(others) + text.length > room) this.drop(others);
    // The quota is shared with everything else of this origin.
    for (;;) {
      try {
        this.storage.setItem(prefix + instanceId, text);
        return true;
      } catch {
        if (others.length === 0) return false;
        this.drop(others);
      }
    }
  }

  remove(instanceId: number): void {
    this.memory.delete(instanceId);
    this.storage?.removeItem(prefix + instanceId);
  }

  /** Drafts of other instances, newest first. */
  private others(instanceId: number): StoredDraft[] {
    const { storage } = this;
    if (!storage) return [];
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
    return keys
      .filter((key) => key.startsWith(prefix) && key !== prefix + instanceId)
      .map((key) => ({ key, text: storage.getItem(key) ?? '' }))
      .map(({ key, text }) => ({ key, length: text.length, at: parse(text)?.at ?? 0 }))
      .sort((a, b) => b.at - a.at);
  }

  private drop(drafts: StoredDraft[]): void {
    const oldest = drafts.pop();
    if (oldest) this.storage?.removeItem(oldest.key);
  }
}

interface StoredDraft {
  readonly key: string;
  readonly length: number;
  readonly at: number;
}

const size = (drafts: readonly StoredDraft[]): number => drafts.reduce((sum, { length }) => sum + length, 0);

function storageOf(): DraftStorage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

function parse(text: string | null): ScriptDraft | null {
  try {
    const value = JSON.parse(text ?? 'null') as Partial<ScriptDraft> | null;
    const valid = typeof value?.etag === 'string' && typeof value.content === 'string' && typeof value.at === 'number';
    return valid ? (value as ScriptDraft) : null;
  } catch {
    return null;
  }
}
