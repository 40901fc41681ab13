import { ChangeDetectionStrategy, Component, signal } from '@angular/core';
import { Picker, type PickerGroup } from '@aikore/web/ui';

@Component({
  selector: 'ak-picker-demo',
  imports: [Picker],
  template: `
    <button type="button" class="ak-tool" (click)="open.set(!open())">{{ value() }}</button>
    @if (open()) {
      <ak-picker
        label="Blueprint"
        [groups]="groups"
        [value]="value()"
        [searchable]="true"
        (picked)="take($event)"
        (closed)="open.set(false)"
      />
    }
  `,
  styles: `
    ak-picker {
      width: 320px;
      max-width: 100%;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PickerDemo {
  protected readonly open = signal(false);
  protected readonly value = signal('ComfyUI');
  protected readonly groups: readonly PickerGroup<string>[] = [
    {
      label: 'Stock',
      options: [
        { value: 'ComfyUI', label: 'ComfyUI', side: 'Image', text: 'Nodes and workflows for diffusion models' },
        { value: 'Forge', label: 'Forge', side: 'Image' },
        { value: 'Old', label: 'Not available here', side: 'Image', disabled: true },
      ],
    },
    {
      label: 'Custom',
      options: [
        { value: 'Mine', label: 'A blueprint with a name that does not fit into the width of the list', side: 'LLM' },
      ],
    },
  ];

  protected take(value: string): void {
    this.value.set(value);
    this.open.set(false);
  }
}
