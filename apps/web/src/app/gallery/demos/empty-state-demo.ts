import { ChangeDetectionStrategy, Component } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { EmptyState } from '@aikore/web/ui';

@Component({
  selector: 'ak-empty-state-demo',
  imports: [EmptyState, MatButtonModule],
  template: `
    <ak-empty-state icon="box" title="Nothing here yet">One sentence says what will be here.</ak-empty-state>
    <ak-empty-state icon="warning" title="It could not be loaded">
      What failed, why, and what to do.
      <div actions class="actions">
        <button matButton="filled">Try again</button>
        <button matButton="outlined">Something else</button>
      </div>
    </ak-empty-state>
  `,
  styles: `
    .actions {
      display: flex;
      gap: 8px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class EmptyStateDemo {}
