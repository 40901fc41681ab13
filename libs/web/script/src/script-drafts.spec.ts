import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ScriptDrafts } from './script-drafts';

/** localStorage with a quota. */
class FakeStorage {
  readonly items = new Map<string, string>();
  quota = Infinity;

  get length(): number {
    return this.items.size;
  }
  key(index: number): string | null {
    return [...this.items.keys()][index] ?? null;
  }
  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }
  removeItem(key: string): void {
    this.items.delete(key);
  }
  setItem(key: string, text: string): void {
    const others = [...this.items].filter(([other]) => other !== key).reduce((sum, [, { length }]) => sum + length, 0);
    if (others + text.length > this.quota) throw new Error('QuotaExceededError');
    this.items.set(key, text);
  }
}

const draft = (content: string, at = 1) => ({ etag: 'e', content, at });

describe('unsaved scripts in the browser', () => {
  let storage: FakeStorage;
  beforeEach(() => {
    storage = new FakeStorage();
    vi.stubGlobal('localStorage', storage);
  });
  afterEach(() => vi.unstubAllGlobals());

  it('outlive the page, one per instance, until they are removed', () => {
    expect(new ScriptDrafts().write(7, draft('mine'))).toBe(true);
    expect(new ScriptDrafts().read(7)).toEqual(draft('mine'));
    expect(new ScriptDrafts().read(8)).toBeNull();
    new ScriptDrafts().remove(7);
    expect([new ScriptDrafts().read(7), storage.length]).toEqual([null, 0]);
  });

  it('are bounded: the oldest of the others go', () => {
    const drafts = new ScriptDrafts();
    drafts.write(1, draft('a'.repeat(900_000), 3));
    drafts.write(2, draft('b'.repeat(900_000), 1));
    drafts.write(3, draft('c'.repeat(900_000), 2));
    const later = new ScriptDrafts();
    expect([1, 2, 3].map((id) => later.read(id)?.content[0])).toEqual(['a', undefined, 'c']);
    expect(drafts.write(4, draft('d'.repeat(2_100_000)))).toBe(false);
  });

  it('make room within the browser’s quota, and touch nothing else of the origin', () => {
    storage.setItem('aikore.theme', '"ink"');
    const drafts = new ScriptDrafts();
    drafts.write(1, draft('a'.repeat(1000), 1));
    storage.quota = 1_500;
    expect(drafts.write(2, draft('b'.repeat(1000), 2))).toBe(true);
    expect([...storage.items.keys()]).toEqual(['aikore.theme', 'aikore.script.draft.2']);
    storage.quota = 100;
    expect(drafts.write(3, draft('c'.repeat(1000), 3))).toBe(false);
    expect(drafts.read(3)).toEqual(draft('c'.repeat(1000), 3));
  });

  it('live as long as the page where nothing can be stored', () => {
    vi.stubGlobal('localStorage', undefined);
    const drafts = new ScriptDrafts();
    expect(drafts.write(1, draft('mine'))).toBe(false);
    expect(drafts.read(1)).toEqual(draft('mine'));
    drafts.remove(1);
    expect(drafts.read(1)).toBeNull();
  });

  it('are no draft when the store holds nonsense', () => {
    for (const text of ['', 'null', '{', '[]', '{"etag":1,"content":"x","at":1}', '{"etag":"e","content":"x"}']) {
      storage.setItem('aikore.script.draft.1', text);
      expect(new ScriptDrafts().read(1), text).toBeNull();
    }
  });
});
