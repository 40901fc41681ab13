import type { Tool } from '@aikore/web/data';
import { describe, expect, it } from 'vitest';
import { keepTools, keyOf, type KeptTool } from './kept-tools';

const make = (id: string, about: Tool['about'], keep?: number): Tool => ({
  id,
  label: id,
  icon: id,
  about,
  role: 'viewer',
  keep,
  load: () => Promise.reject(new Error('not loaded here')),
});
const logs = make('logs', 'instance', 2);
const versions = make('versions', 'server');
const always = (_id: number) => true;
const show = (kept: readonly KeptTool[], tool: Tool | null, instanceId: number | null = null, exists = always) =>
  keepTools(kept, { tool, instanceId }, exists);
const keys = (kept: readonly KeptTool[]) => kept.map(({ key }) => key);

describe('the views that are kept alive', () => {
  it('are one per instance, or one for the server', () => {
    expect(keyOf({ tool: logs, instanceId: 7 })).toBe('logs:7');
    expect(keyOf({ tool: logs, instanceId: null })).toBeNull();
    expect(keyOf({ tool: versions, instanceId: 7 })).toBe('versions');
    expect(keyOf({ tool: null, instanceId: 7 })).toBeNull();
  });

  it('stay when another one is shown, and keep their order', () => {
    let kept = show(show([], logs, 1), versions, 1);
    kept = show(kept, null);
    kept = show(kept, logs, 1);
    expect(keys(kept)).toEqual(['logs:1', 'versions']);
  });

  it('go when there are too many of one tool, the one unused for longest first', () => {
    let kept = show(show([], logs, 1), versions);
    kept = show(show(kept, logs, 2), logs, 1);
    expect(keys(show(kept, logs, 3))).toEqual(['logs:1', 'versions', 'logs:3']);
  });

  it('go with their instance, and none is made for one that is not there', () => {
    const kept = show(show([], logs, 1), logs, 2);
    expect(keys(show(kept, logs, 1, (id: number) => id === 2))).toEqual(['logs:2']);
  });
});
