import { ChangeDetectionStrategy, Component, ElementRef, input, output, signal, viewChild } from '@angular/core';
import { MatIconModule } from '@angular/material/icon';

export interface Search {
  readonly text: string;
  readonly direction: 'next' | 'previous';
  /** It is being typed. */
  readonly typing: boolean;
}

/** The field that looks for text in a terminal: upwards, because the latest stands at the end. */
@Component({
  selector: 'ak-terminal-search',
  imports: [MatIconModule],
  template: `
    <mat-icon svgIcon="search" aria-hidden="true" />
    <input
      #field
      type="search"
      placeholder="Search"
      aria-label="Search in the terminal"
      data-testid="terminal-search"
      autocomplete="off"
      spellcheck="false"
      (input)="look('previous', true)"
      (keydown)="press($event)"
    />
    <span class="count" role="status" data-testid="terminal-search-count">{{ words() }}</span>
    <button
      type="button"
      class="ak-tool"
      aria-label="Previous match"
      title="Previous (Enter)"
      (click)="look('previous')"
    >
      <mat-icon svgIcon="up" />
    </button>
    <button type="button" class="ak-tool" aria-label="Next match" title="Next (Shift+Enter)" (click)="look('next')">
      <mat-icon svgIcon="down" />
    </button>
    <button type="button" class="ak-tool" aria-label="Close the search" title="Close (Esc)" (click)="closed.emit()">
      <mat-icon svgIcon="close" />
    </button>
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: 2px;
      padding: 3px 3px 3px 8px;
      border: 1px solid var(--ak-line-strong);
      border-radius: 8px;
      background: var(--mat-sys-surface-container-high);
      box-shadow: var(--ak-shadow);
    }
    :host(:focus-within) {
      border-color: var(--mat-sys-primary);
    }
    :host > mat-icon {
      flex: none;
      width: 12px;
      height: 12px;
      color: var(--ak-dim);
    }
    input {
      width: 150px;
      min-width: 60px;
      padding: 0 6px;
      border: 0;
      outline: none;
      background: none;
      line-height: 22px;
    }
    input::-webkit-search-cancel-button {
      display: none;
    }
    .count {
      min-width: 34px;
      color: var(--ak-dim);
      font-size: 11px;
      font-variant-numeric: tabular-nums;
      text-align: right;
      white-space: nowrap;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TerminalSearch {
  /** What the last search found; `at` is counted from 0, and -1 when there are too many to count. */
  readonly result = input.required<{ at: number; count: number }>();
  readonly searched = output<Search>();
  readonly closed = output<void>();
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  private readonly text = signal('');

  focus(): void {
    this.field().nativeElement.focus();
    this.field().nativeElement.select();
  }

  protected words(): string {
    const { at, count } = this.result();
    if (!this.text()) return '';
    if (count === 0) return 'None';
    return at < 0 ? `${count}+` : `${at + 1}/${count}`;
  }

  protected look(direction: 'next' | 'previous', typing = false): void {
    const text = this.field().nativeElement.value;
    this.text.set(text);
    this.searched.emit({ text, direction, typing });
  }

  protected press(event: KeyboardEvent): void {
    if (event.key === 'Enter') this.look(event.shiftKey ? 'next' : 'previous');
    if (event.key !== 'Escape') return;
    // It closes the search, and does not restore the pane as well.
    event.stopPropagation();
    this.closed.emit();
  }
}
