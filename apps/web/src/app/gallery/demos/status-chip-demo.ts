import { ChangeDetectionStrategy, Component } from '@angular/core';
import { instanceStatuses, type InstanceStatus, type Progress } from '@aikore/contract';
import { StatusChip } from '@aikore/web/ui';

const step = (k: number, n: number): Progress => ({ phase: 'install', step: k, steps: n, text: 'torch 2.9' });

@Component({
  selector: 'ak-status-chip-demo',
  imports: [StatusChip],
  template: `
    @for (item of chips; track $index) {
      <ak-status-chip [status]="item.status" [progress]="item.progress" />
    }
    <div class="narrow"><ak-status-chip status="installing" [progress]="long" /></div>
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }
    .narrow {
      width: 74px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StatusChipDemo {
  protected readonly chips: readonly { status: InstanceStatus; progress: Progress | null }[] = [
    ...instanceStatuses.map((status) => ({ status, progress: null })),
    { status: 'installing', progress: step(1, 7) },
    { status: 'installing', progress: step(6, 7) },
    { status: 'starting', progress: step(2, 3) },
  ];
  protected readonly long = step(12, 120);
}
