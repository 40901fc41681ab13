import { Injectable, inject } from '@angular/core';
import { Toasts } from '@aikore/web/data';
import { Ask, copyText } from '@aikore/web/ui';
import { pasteQuestion } from '../paste';

/** Between terminals and the clipboard: always asked for by the person, never by a program. */
@Injectable({ providedIn: 'root' })
export class TerminalClipboard {
  private readonly ask = inject(Ask);
  private readonly toasts = inject(Toasts);

  async write(text: string): Promise<void> {
    if (await copyText(text)) return;
    this.toasts.error('Nothing was copied', 'This browser does not let the console write to the clipboard.');
  }

  /** @returns null when the browser does not hand it over; then it was said what to do */
  async read(): Promise<string | null> {
    try {
      return await navigator.clipboard.readText();
    } catch {
      // Over plain http there is no `clipboard`, and a browser may refuse.
      this.toasts.info('Press Ctrl+Shift+V to paste', 'This browser does not let a button read the clipboard.');
      return null;
    }
  }

  /** Asks where a paste does more than a person may expect. @param bracketed the program can tell it from typing */
  async mayPaste(text: string, bracketed: boolean): Promise<boolean> {
    const question = pasteQuestion(text, bracketed);
    return question === null || (await this.ask.confirm(question));
  }
}
