import { Injectable, inject } from '@angular/core';
import { Preferences } from '@aikore/web/data';
import { cleanTitle } from './clean-title';

const key = 'terminal.names';
/** Names that are remembered: terminals come and go, and there are few at a time. */
const kept = 64;

/** Names that a person gave to terminals, in this browser: `<session> <name>`, newest first. */
@Injectable({ providedIn: 'root' })
export class TabNames {
  private readonly preferences = inject(Preferences);
  private readonly list = this.preferences.list(key);

  /** Reads a signal. @returns null when it was given none */
  of(session: string): string | null {
    const entry = this.list().find((text) => text.startsWith(`${session} `));
    return entry?.slice(session.length + 1) ?? null;
  }

  /** @param name empty: it is called as before again */
  give(session: string, name: string): void {
    const clean = cleanTitle(name);
    const others = this.list().filter((text) => !text.startsWith(`${session} `));
    this.preferences.set(key, (clean ? [`${session} ${clean}`, ...others] : others).slice(0, kept));
  }
}
