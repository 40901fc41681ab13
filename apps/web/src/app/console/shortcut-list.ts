import type { Command, Tool } from '@aikore/web/data';

export interface ShortcutGroup {
  readonly title: string;
  readonly items: readonly { readonly keys: string; readonly text: string }[];
}

/** What works only where it is, and so is no command. */
const inPlace: readonly ShortcutGroup[] = [
  {
    title: 'In the table',
    items: [
      { keys: 'Ctrl S', text: 'Save all changes' },
      { keys: '↑ ↓', text: 'The same cell of the row above or below' },
      { keys: 'Esc', text: 'Put the cell back' },
    ],
  },
  {
    title: 'Frame',
    items: [
      { keys: '← → ↑ ↓', text: 'Move a divider that has the focus; Enter puts it back' },
      { keys: 'Esc', text: 'Close what is open · show all panes again' },
    ],
  },
];

/** The list of shortcuts: what has keys among the commands, then what works in its own place. */
export function shortcutGroups(commands: readonly Command[], tools: readonly Tool[]): readonly ShortcutGroup[] {
  const groups = new Map<string, { keys: string; text: string }[]>();
  for (const { group, keys, label } of commands) {
    if (keys) groups.set(group, [...(groups.get(group) ?? []), { keys, text: label }]);
  }
  const anywhere = [...groups].map(([title, items]) => ({ title, items }));
  const ofTools = tools.map(({ label, shortcuts = [] }) => ({ title: `In ${label}`, items: shortcuts }));
  return [...anywhere, ...inPlace, ...ofTools].filter(({ items }) => items.length > 0);
}
