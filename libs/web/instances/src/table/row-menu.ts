import { FocusKeyManager, type FocusableOption } from '@angular/cdk/a11y';
import {
  ChangeDetectionStrategy,
  Component,
  Directive,
  ElementRef,
  afterNextRender,
  computed,
  inject,
  input,
  output,
  viewChildren,
} from '@angular/core';
import { MatIconModule } from '@angular/material/icon';
import type { Instance } from '@aikore/contract';
import { SessionStore, Tools } from '@aikore/web/data';
import { Draft } from '../edits/draft';
import { InstanceEdits } from '../edits/instance-edits';
import { exportedSettings, saveAsFile } from './export-settings';

interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly icon: string;
  /** Begins another group. */
  readonly apart?: boolean;
  readonly run: () => void;
}

@Directive({ selector: 'button[akMenuItem]' })
export class RowMenuItem implements FocusableOption {
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  focus(): void {
    this.element.focus();
  }

  getLabel(): string {
    return this.element.textContent?.trim() ?? '';
  }
}

/** The tools of one instance, and what else can be done with it. For an overlay. */
@Component({
  selector: 'ak-row-menu',
  imports: [MatIconModule, RowMenuItem],
  template: `
    <div class="title" dir="auto">{{ instance().name }}</div>
    @for (item of items(); track item.id) {
      <button
        type="button"
        akMenuItem
        role="menuitem"
        tabindex="-1"
        [class.apart]="item.apart"
        [attr.data-testid]="'menu-' + item.id"
        (click)="take(item)"
      >
        <mat-icon [svgIcon]="item.icon" aria-hidden="true" />{{ item.label }}
      </button>
    }
  `,
  styleUrl: './row-menu.scss',
  host: {
    role: 'menu',
    'data-testid': 'row-menu',
    '[attr.aria-label]': "'Tools of ' + instance().name",
    '(keydown)': 'press($event)',
  },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RowMenu {
  readonly instance = input.required<Instance>();
  /** It was left; `refocus`: back to where it was opened. */
  readonly closed = output<{ refocus: boolean }>();

  private readonly tools = inject(Tools);
  private readonly session = inject(SessionStore);
  private readonly draft = inject(Draft);
  private readonly edits = inject(InstanceEdits);
  private readonly options = viewChildren(RowMenuItem);
  private keys: FocusKeyManager<RowMenuItem> | null = null;

  protected readonly items = computed<readonly MenuItem[]>(() => [
    ...this.tools
      .available()
      .filter(({ about }) => about === 'instance')
      .map(({ id, label, icon }) => ({ id, label, icon, run: () => this.tools.open(id, this.instance().id) })),
    ...(this.session.isAdmin()
      ? [{ id: 'duplicate', label: 'Duplicate settings', icon: 'copy', apart: true, run: () => this.duplicate() }]
      : []),
    { id: 'export', label: 'Export (JSON)', icon: 'download', run: () => this.export() },
  ]);

  constructor() {
    afterNextRender(() => {
      this.keys = new FocusKeyManager([...this.options()]).withWrap().withHomeAndEnd().withTypeAhead();
      this.keys.setFirstItemActive();
    });
  }

  protected take(item: MenuItem): void {
    // A tool or the draft takes the focus itself.
    this.closed.emit({ refocus: item.id === 'export' });
    item.run();
  }

  protected press(event: KeyboardEvent): void {
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      event.stopPropagation();
      this.closed.emit({ refocus: true });
      return;
    }
    this.keys?.onKeydown(event);
    // The letters of the type-ahead are no shortcuts.
    event.stopPropagation();
  }

  private duplicate(): void {
    const instance = this.instance();
    this.draft.duplicate(instance, this.edits.of(instance.id)?.mine);
  }

  private export(): void {
    saveAsFile(`${this.instance().slug}.aikore.json`, exportedSettings(this.instance()));
  }
}
