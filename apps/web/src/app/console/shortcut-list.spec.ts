import type { Command, Tool } from '@aikore/web/data';
import { describe, expect, it } from 'vitest';
import { shortcutGroups } from './shortcut-list';

const command = (label: string, group: string, keys?: string): Command => ({
  id: label,
  label,
  group,
  icon: 'x',
  keys,
  run: () => undefined,
});

describe('the list of shortcuts', () => {
  it('has every command with keys, by group, and what tools have', () => {
    const logs: Tool = {
      id: 'logs',
      label: 'Logs',
      icon: 'logs',
      about: 'instance',
      role: 'viewer',
      shortcuts: [{ keys: 'Ctrl F', text: 'Search' }],
      load: () => Promise.reject(new Error('not loaded here')),
    };
    const groups = shortcutGroups(
      [command('Logs', 'Tools', 'l'), command('Stop a', 'Instances'), command('Welcome', 'Tools', 'w')],
      [logs],
    );
    expect(groups[0]).toEqual({
      title: 'Tools',
      items: [
        { keys: 'l', text: 'Logs' },
        { keys: 'w', text: 'Welcome' },
      ],
    });
    expect(groups.at(-1)).toEqual({ title: 'In Logs', items: [{ keys: 'Ctrl F', text: 'Search' }] });
    expect(groups.map(({ title }) => title)).not.toContain('Instances');
  });
});
