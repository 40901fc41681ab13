import { Injectable, inject } from '@angular/core';
import type { Instance } from '@aikore/contract';
import {
  InstancesStore,
  Preferences,
  SessionStore,
  Toasts,
  Tools,
  type Command,
  type ThemeChoice,
} from '@aikore/web/data';
import { PaneLayout, panes } from './pane-layout';

export const themeChoices: readonly { readonly choice: ThemeChoice; readonly label: string; readonly kind: string }[] =
  [
    { choice: 'ink', label: 'Ink', kind: 'dark' },
    { choice: 'violet', label: 'Violet night', kind: 'dark' },
    { choice: 'carbon', label: 'Carbon', kind: 'dark' },
    { choice: 'light', label: 'Light', kind: 'light' },
    { choice: 'system', label: 'As the system', kind: '' },
  ];

/** The commands of the frame itself: tools, panes, themes, the session. What features can do comes from them. */
@Injectable()
export class FrameCommands {
  private readonly tools = inject(Tools);
  private readonly layout = inject(PaneLayout);
  private readonly preferences = inject(Preferences);
  private readonly session = inject(SessionStore);
  private readonly store = inject(InstancesStore);
  private readonly toasts = inject(Toasts);

  /** Reads signals. */
  all(): readonly Command[] {
    return [...this.toolCommands(), ...this.paneCommands(), ...this.themeCommands(), ...this.sessionCommands()];
  }

  /** Each tool about each instance; apart, because there are many. */
  aboutInstances(): readonly Command[] {
    const tools = this.tools.available().filter(({ about }) => about === 'instance');
    return this.store.instances().flatMap((instance) => tools.map((tool) => this.toolOf(tool, instance)));
  }

  private toolOf({ id, label, icon }: { id: string; label: string; icon: string }, instance: Instance): Command {
    return {
      id: `tool.${id}:${instance.id}`,
      label: `${label} of ${instance.name}`,
      group: 'Instances',
      icon,
      run: () => this.tools.open(id, instance.id),
    };
  }

  private toolCommands(): Command[] {
    const welcome = { id: null, label: 'Welcome', icon: 'home', key: 'w' };
    return [welcome, ...this.tools.available()].map(({ id, label, icon, key }) => ({
      id: `tool.${id ?? 'welcome'}`,
      label,
      group: 'Tools',
      icon,
      keys: key,
      run: () => this.tools.open(id),
    }));
  }

  private paneCommands(): Command[] {
    return panes.map(({ name, label }, index) => ({
      id: `pane.${name}`,
      label: `${label} alone, and back`,
      group: 'Panes',
      icon: 'maximize',
      words: 'maximise restore',
      keys: String(index + 1),
      run: () => this.layout.toggle(name),
    }));
  }

  private themeCommands(): Command[] {
    return themeChoices.map(({ choice, label, kind }) => ({
      id: `theme.${choice}`,
      label: `Theme: ${label}`,
      group: 'Theme',
      icon: choice === 'system' ? 'system' : 'theme',
      words: kind,
      run: () => this.preferences.setTheme(choice),
    }));
  }

  private sessionCommands(): Command[] {
    if (this.session.me()?.via !== 'session') return [];
    const run = () =>
      this.session.logout().catch((error: unknown) => this.toasts.error('You are still logged in', error));
    return [{ id: 'logout', label: 'Log out', group: 'Session', icon: 'logout', words: 'sign out exit', run }];
  }
}
