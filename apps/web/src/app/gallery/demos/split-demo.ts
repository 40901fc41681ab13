import { ChangeDetectionStrategy, Component, signal } from '@angular/core';
import { Split } from '@aikore/web/ui';

@Component({
  selector: 'ak-split-demo',
  imports: [Split],
  template: `
    <div class="box">
      <ak-split direction="rows" label="Height" [(ratio)]="rows">
        <div first class="part">First</div>
        <ak-split second direction="columns" label="Width" [(ratio)]="columns" [only]="only()">
          <div first class="part">Second</div>
          <div second class="part">Third</div>
        </ak-split>
      </ak-split>
    </div>
    <button type="button" class="ak-tool" [attr.aria-pressed]="only() !== null" (click)="toggle()">Second alone</button>
  `,
  styles: `
    .box {
      height: 200px;
      margin-bottom: 8px;
    }
    .part {
      flex: 1;
      padding: 8px;
      border: 1px solid var(--ak-line);
      border-radius: 8px;
      color: var(--ak-dim);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SplitDemo {
  protected readonly rows = signal(0.4);
  protected readonly columns = signal(0.6);
  protected readonly only = signal<'first' | null>(null);

  protected toggle(): void {
    this.only.set(this.only() ? null : 'first');
  }
}
