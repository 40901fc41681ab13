import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { ChangeDetectionStrategy, Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { provideIcons } from './icons';
import { Picker, type PickerGroup } from './picker';
import { PickerHarness } from './testing';

@Component({
  selector: 'ak-host',
  imports: [Picker],
  template: `
    <ak-picker
      label="Blueprint"
      [groups]="groups"
      value="forge"
      [searchable]="true"
      (picked)="said.push($event)"
      (closed)="said.push('closed')"
    />
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class Host {
  readonly said: string[] = [];
  readonly groups: readonly PickerGroup<string>[] = [
    {
      label: 'Stock',
      options: [
        { value: 'comfy', label: 'ComfyUI', side: 'Image', text: 'Nodes; Forge is simpler' },
        { value: 'old', label: 'Old one', disabled: true },
        { value: 'forge', label: 'Forge', side: 'Image' },
      ],
    },
    { label: 'Custom', options: [{ value: 'mine', label: 'Mine', side: 'LLM' }] },
  ];
}

beforeEach(() => {
  TestBed.configureTestingModule({ providers: [provideIcons()] });
  Element.prototype.scrollIntoView = () => undefined; // jsdom has no layout
});

async function open() {
  const fixture = TestBed.createComponent(Host);
  return {
    said: fixture.componentInstance.said,
    picker: await TestbedHarnessEnvironment.loader(fixture).getHarness(PickerHarness),
  };
}

describe('Picker', () => {
  it('begins at the present value, and steps over what cannot be chosen', async () => {
    const { picker, said } = await open();
    expect(await picker.activeLabel()).toBe('Forge');
    await picker.move('up');
    expect(await picker.activeLabel()).toBe('ComfyUI');
    await picker.move('up');
    expect(await picker.activeLabel()).toBe('ComfyUI');
    expect(await picker.pointsAtActive()).toBe(true);
    await picker.take();
    expect(said).toEqual(['comfy']);
  });

  it('finds what is called so before what only mentions it', async () => {
    const { picker } = await open();
    await picker.searchFor('forge');
    expect(await picker.labels()).toEqual(['Forge', 'ComfyUI']);
    await picker.searchFor('llm');
    expect(await picker.labels()).toEqual(['Mine']);
    await picker.searchFor('nothing such');
    expect(await picker.labels()).toEqual([]);
  });

  it('takes a click, and closes by Esc', async () => {
    const { picker, said } = await open();
    await picker.click('Mine');
    await picker.escape();
    expect(said).toEqual(['mine', 'closed']);
  });
});
