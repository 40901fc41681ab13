import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { ChangeDetectionStrategy, Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { provideIcons } from './icons';
import { Pane } from './pane';
import { PaneHarness } from './testing';

@Component({
  selector: 'ak-host',
  imports: [Pane],
  template: `<ak-pane title="Tools" label="The tools" [(zoom)]="zoom" [(maximised)]="maximised">body</ak-pane>`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class Host {
  readonly zoom = signal(100);
  readonly maximised = signal(false);
}

beforeEach(() => TestBed.configureTestingModule({ providers: [provideIcons()] }));

async function open() {
  const fixture = TestBed.createComponent(Host);
  return {
    host: fixture.componentInstance,
    pane: await TestbedHarnessEnvironment.loader(fixture).getHarness(PaneHarness),
  };
}

describe('Pane', () => {
  it('is a named region', async () => {
    const { pane } = await open();
    expect([await pane.name(), await pane.heading()]).toEqual(['The tools', 'Tools']);
  });

  it('zooms in steps between 50 and 200 %, and back to 100 % by a double click', async () => {
    const { host, pane } = await open();
    await pane.larger();
    expect(await pane.zoom()).toBe('110 %');
    host.zoom.set(200);
    await pane.larger();
    expect(await pane.zoom()).toBe('200 %');
    host.zoom.set(50);
    await pane.smaller();
    expect(await pane.zoom()).toBe('50 %');
    await pane.resetZoom();
    expect(host.zoom()).toBe(100);
  });

  it('is maximised by its button and by a double click on its header, but not on what stands there', async () => {
    const { host, pane } = await open();
    await pane.toggleMaximised();
    expect(await pane.isMaximised()).toBe(true);
    await pane.doubleClickHeader();
    expect(host.maximised()).toBe(false);
    await pane.resetZoom();
    expect(host.maximised()).toBe(false);
  });
});
