import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { ChangeDetectionStrategy, Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from 'vitest';
import { Split } from './split';
import { SplitHarness } from './testing';

@Component({
  selector: 'ak-host',
  imports: [Split],
  template: `
    <ak-split direction="rows" label="Height" [initial]="0.6" [(ratio)]="ratio" [only]="only()">
      <p first>one</p>
      <p second>two</p>
    </ak-split>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class Host {
  readonly ratio = signal(0.5);
  readonly only = signal<'first' | 'second' | null>(null);
}

async function open() {
  const fixture = TestBed.createComponent(Host);
  return {
    host: fixture.componentInstance,
    split: await TestbedHarnessEnvironment.loader(fixture).getHarness(SplitHarness),
  };
}

describe('Split', () => {
  it('is a separator that the keyboard moves, within its bounds', async () => {
    const { host, split } = await open();
    expect([await split.percent(), await split.orientation()]).toEqual([50, 'horizontal']);
    await split.press('down', 'down', 'up');
    expect(host.ratio()).toBeCloseTo(0.52);
    await split.press('home', 'up');
    expect(await split.percent()).toBe(15);
    await split.press('end', 'right');
    expect(await split.percent()).toBe(85);
  });

  it('goes back to where it began by Enter and by a double click', async () => {
    const { host, split } = await open();
    await split.press('enter');
    expect(host.ratio()).toBe(0.6);
    await split.press('home');
    await split.doubleClick();
    expect(host.ratio()).toBe(0.6);
  });

  it('brings a ratio from elsewhere into its bounds', async () => {
    const { host, split } = await open();
    host.ratio.set(0.01);
    expect(await split.percent()).toBe(15);
  });

  it('shows one pane alone without a divider', async () => {
    const { host, split } = await open();
    host.only.set('second');
    expect(await split.shown()).toEqual([false, true]);
    host.only.set(null);
    expect(await split.shown()).toEqual([true, true]);
  });
});
