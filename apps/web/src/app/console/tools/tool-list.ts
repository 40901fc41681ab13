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
    shortcuts: [
      { keys: 'Ctrl F', text: 'Search in the log that has the focus; so does /' },
      { keys: 'Enter', text: 'Next match in the whole run; Shift Enter previous' },
      { keys: 'n', text: 'In the lines: next match; N previous' },
      { keys: 'Home', text: 'In the lines: to the start of the run; End to its end, and follow' },
    ],
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
    id: 'terminal',
    label: 'Terminal',
    icon: 'terminal',
    about: 'instance',
    role: 'admin',
    key: 't',
    shortcuts: [
      { keys: 'Ctrl Shift C', text: 'Copy what is selected' },
      { keys: 'Ctrl Shift V', text: 'Paste' },
      { keys: 'Ctrl Shift F', text: 'Search in the terminal' },
      { keys: 'Ctrl +', text: 'Larger letters; Ctrl − smaller, Ctrl 0 as usual' },
      { keys: 'Ctrl Shift F6', text: 'Leave the terminal: to its tab' },
      { keys: 'F2', text: 'Rename the tab that has the focus; Delete closes it' },
    ],
    load: () => import('@aikore/web/terminal').then(({ TerminalPanel }) => TerminalPanel),
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
