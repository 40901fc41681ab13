import { NgComponentOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, inject, input, linkedSignal, resource } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import type { Instance } from '@aikore/contract';
import { InstancesStore, type Tool } from '@aikore/web/data';
import { EmptyState } from '@aikore/web/ui';

/** One living view of a tool: loads its code when first needed, and hands it what it is about. */
@Component({
  selector: 'ak-tool-host',
  imports: [EmptyState, MatButtonModule, NgComponentOutlet],
  template: `
    @if (component.error()) {
      <ak-empty-state icon="warning" [title]="tool().label + ' could not be loaded'">
        The server does not answer, or was updated since this page was loaded.
        <div actions class="actions">
          <button matButton="filled" (click)="component.reload()">Try again</button>
          <button matButton="outlined" (click)="reloadPage()">Reload the page</button>
        </div>
      </ak-empty-state>
    } @else if (component.value(); as type) {
      @if (inputs(); as values) {
        <ng-container *ngComponentOutlet="type; inputs: values" />
      }
    } @else {
      <p role="status">Loading {{ tool().label }} …</p>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex: 1;
      flex-direction: column;
      min-width: 0;
      min-height: 0;
    }
    :host(.away) {
      display: none;
    }
    .actions {
      display: flex;
      flex-wrap: wrap;
      justify-content: center;
      gap: 8px;
    }
    p {
      margin: auto;
      color: var(--ak-dim);
    }
  `,
  host: { '[class.away]': '!visible()', '[attr.data-testid]': "'view-' + tool().id" },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ToolHost {
  readonly tool = input.required<Tool>();
  readonly instanceId = input.required<number | null>();
  readonly visible = input.required<boolean>();

  private readonly store = inject(InstancesStore);
  protected readonly component = resource({
    params: () => this.tool(),
    loader: ({ params }) => params.load(),
  });
  /** As last known: an instance that is being taken away stays until the view goes. */
  private readonly instance = linkedSignal<Instance | undefined, Instance | undefined>({
    source: () => {
      const id = this.instanceId();
      return id === null ? undefined : this.store.find(id);
    },
    computation: (now, before) => now ?? before?.value,
  });
  protected readonly inputs = computed<Record<string, unknown> | null>(() => {
    if (this.tool().about === 'server') return { visible: this.visible() };
    const instance = this.instance();
    return instance ? { visible: this.visible(), instance } : null;
  });

  protected reloadPage(): void {
    location.reload();
  }
}
