import type { Tool } from '@aikore/web/data';

/** The tools of the console, in the order of the header. How to add one: libs/web/README.md. */
export const toolList: readonly Tool[] = [
  {
    id: 'logs',
    label: 'Logs',
    icon: 'logs',
    about: 'instance',
    role: 'viewer',
    key: 'l',
    shortcuts: [{ keys: 'Ctrl F', text: 'Search in the log that has the focus' }],
    load: () => import('@aikore/web/workbench').then(({ LogsPanel }) => LogsPanel),
  },
  {
    id: 'runs',
    label: 'Run history',
    icon: 'history',
    about: 'instance',
    role: 'viewer',
    key: 'h',
    load: () => import('@aikore/web/workbench').then(({ RunHistory }) => RunHistory),
  },
  {
    id: 'view',
    label: 'View',
    icon: 'view',
    about: 'instance',
    role: 'viewer',
    key: 'v',
    // A frame is a whole app: few of them.
    keep: 3,
    load: () => import('@aikore/web/workbench').then(({ ViewPanel }) => ViewPanel),
  },
  {
    id: 'script',
    label: 'Script',
    icon: 'script',
    about: 'instance',
    role: 'admin',
    key: 'e',
    shortcuts: [
      { keys: 'Ctrl S', text: 'Save the script' },
      { keys: 'Ctrl F', text: 'Find and replace in the script' },
      { keys: 'Ctrl Alt G', text: 'Go to a line of the script' },
      { keys: 'Esc Tab', text: 'Leave the editor: Tab alone indents' },
    ],
    load: () => import('@aikore/web/script').then(({ ScriptPanel }) => ScriptPanel),
  },
];
