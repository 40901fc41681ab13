import { inject, provideAppInitializer, type EnvironmentProviders } from '@angular/core';
import { MatIconRegistry } from '@angular/material/icon';
import { DomSanitizer } from '@angular/platform-browser';

/** Our own line icons on a 24 px grid; nothing is fetched. */
const shapes = {
  play: '<path d="M7 4.5v15l12-7.5z"/>',
  stop: '<rect x="6" y="6" width="12" height="12" rx="1.5"/>',
  restart: '<path d="M20 11a8 8 0 1 0-2.3 6.3M20 4v7h-7"/>',
  open: '<path d="M14 4h6v6M20 4l-9 9M18 14v4a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h4"/>',
  logs: '<path d="M4 6h16M4 10h11M4 14h16M4 18h8"/>',
  trash: '<path d="M4 7h16M10 11v6M14 11v6M6 7l1 12a1.5 1.5 0 0 0 1.5 1.5h7A1.5 1.5 0 0 0 17 19l1-12M9 7V4.5h6V7"/>',
  plus: '<path d="M12 5v14M5 12h14"/>',
  minus: '<path d="M5 12h14"/>',
  search: '<circle cx="11" cy="11" r="6.5"/><path d="m20 20-4.2-4.2"/>',
  close: '<path d="M6 6l12 12M18 6 6 18"/>',
  check: '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
  down: '<path d="m6 9.5 6 6 6-6"/>',
  up: '<path d="m6 14.5 6-6 6 6"/>',
  bottom: '<path d="m6 5.5 6 6 6-6M6 12.5l6 6 6-6"/>',
  theme: '<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5a8.5 8.5 0 0 1 0 17z" fill="currentColor"/>',
  user: '<circle cx="12" cy="8.5" r="3.8"/><path d="M4.5 20c.9-3.8 3.8-5.8 7.5-5.8s6.6 2 7.5 5.8"/>',
  key: '<circle cx="8" cy="15.5" r="4"/><path d="M11 12.5 19.5 4M16 7.5l3 3M13.5 10l2 2"/>',
  logout: '<path d="M10 4H6a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h4M15 8l4 4-4 4M19 12H9.5"/>',
  keyboard:
    '<rect x="3" y="6" width="18" height="12" rx="2"/><path d="M7 10h.01M11 10h.01M15 10h.01M17.5 10h.01M8 14h8"/>',
  maximize: '<path d="M4 9.5V4h5.5M20 9.5V4h-5.5M4 14.5V20h5.5M20 14.5V20h-5.5"/>',
  minimize: '<path d="M9.5 4v5.5H4M14.5 4v5.5H20M9.5 20v-5.5H4M14.5 20v-5.5H20"/>',
  wrap: '<path d="M4 6h16M4 12h13a3.5 3.5 0 0 1 0 7h-4M15.5 16.5 13 19l2.5 2.5M4 18h4"/>',
  download: '<path d="M12 4v11M7 10.5l5 5 5-5M5 20h14"/>',
  copy: '<rect x="8.5" y="8.5" width="11.5" height="11.5" rx="2"/><path d="M15.5 8.5V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v7.5a2 2 0 0 0 2 2h2.5"/>',
  warning: '<path d="M12 4 2.8 19.5h18.4zM12 10v4.5M12 17.2v.01"/>',
  info: '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.8v.01"/>',
  messages: '<path d="M18 9.5a6 6 0 0 0-12 0c0 6-2 7-2 7h16s-2-1-2-7M10 20a2.2 2.2 0 0 0 4 0"/>',
  box: '<path d="M12 3.5 20 8v8l-8 4.5L4 16V8zM4 8l8 4.5L20 8M12 12.5v8"/>',
  home: '<path d="m4 11 8-7 8 7M6 9.5V20h12V9.5"/>',
  grip: '<path d="M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01" stroke-width="2.8"/>',
  history: '<path d="M4 12a8 8 0 1 0 2.6-5.9L4 8.5M4 4v4.5h4.5M12 7.5V12l3 2"/>',
  more: '<path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="3"/>',
  undo: '<path d="M9 7 4.5 11.5 9 16M5 11.5h9a5 5 0 0 1 0 10h-2"/>',
  view: '<rect x="3" y="4.5" width="18" height="15" rx="2"/><path d="M3 9h18M6 6.8h.01M8.5 6.8h.01"/>',
  fullscreen: '<path d="M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5"/><rect x="8.5" y="8.5" width="7" height="7" rx="1"/>',
  command: '<rect x="3" y="5" width="18" height="14" rx="2.5"/><path d="m7 10 2.5 2L7 14M12.5 14.5h4"/>',
  system: '<rect x="3" y="4.5" width="18" height="12" rx="2"/><path d="M12 16.5V20M8 20h8"/>',
  jobs: '<path d="M4 7h9M4 12h6M4 17h9"/><path d="m15 14.5 2 2 4-4.5"/>',
  script: '<path d="M8 7 3.5 12 8 17M16 7l4.5 5-4.5 5M13.5 4.5l-3 15"/>',
  terminal: '<rect x="3" y="4.5" width="18" height="15" rx="2"/><path d="m7 9.5 3 2.5-3 2.5M12.5 15h4.5"/>',
  save: '<path d="M5 4h11l4 4v10.5a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 18.5v-13A1.5 1.5 0 0 1 5.5 4zM8 4v5h7V4M8 20v-6h8v6"/>',
  diff: '<path d="M12 3.5v17M4 6.5h5M4 11h5M4 15.5h5M15 8.5h5M17.5 6v5M15 15.5h5"/>',
  line: '<path d="M4 6h5M4 18h5M4 12h16M16 8l4 4-4 4"/>',
  lock: '<rect x="5" y="10.5" width="14" height="9.5" rx="2"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5"/>',
  // One shape per status, so that colour is never the only sign.
  'status-stopped': '<rect x="6.5" y="6.5" width="11" height="11" rx="2"/>',
  'status-installing': '<path d="M12 4v11M7 10.5l5 5 5-5M5 20h14" stroke-width="2.5"/>',
  'status-starting': '<path d="M12 4a8 8 0 1 1-8 8" stroke-width="2.8"/>',
  'status-started': '<circle cx="12" cy="12" r="6" fill="currentColor"/>',
  'status-stalled': '<path d="M8.5 6v12M15.5 6v12" stroke-width="3.5"/>',
  'status-stopping':
    '<path d="M12 20a8 8 0 1 1 8-8" stroke-width="2.8"/><rect x="9.5" y="9.5" width="5" height="5" fill="currentColor"/>',
  'status-error': '<path d="M12 4 2.8 19.5h18.4zM12 10v4.5M12 17.2v.01" stroke-width="2.3"/>',
} as const;

export type IconName = keyof typeof shapes;
export const iconNames = Object.keys(shapes) as readonly IconName[];

const open =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">';

/** Registers the icons for `<mat-icon svgIcon="…">`. */
export function provideIcons(): EnvironmentProviders {
  return provideAppInitializer(() => {
    const registry = inject(MatIconRegistry);
    const sanitizer = inject(DomSanitizer);
    for (const [name, shape] of Object.entries(shapes)) {
      registry.addSvgIconLiteral(name, sanitizer.bypassSecurityTrustHtml(`${open}${shape}</svg>`));
    }
  });
}
