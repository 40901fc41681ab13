import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { provideIcons } from './icons';
import { Palette } from './palette';
import type { PaletteItem } from './rank';
import { PaletteHarness } from './testing';

const item = (id: string, group = 'Instances'): PaletteItem => ({ id, label: id, group, icon: 'play' });
const items = [item('Logs', 'Tools'), item('Start Comfy'), item('Stop Comfy'), item('Stop Forge')];

beforeEach(() => {
  TestBed.configureTestingModule({ providers: [provideIcons()] });
  Element.prototype.scrollIntoView = () => undefined; // jsdom has no layout
});

async function open(recent: readonly string[] = []) {
  const fixture = TestBed.createComponent<Palette<PaletteItem>>(Palette);
  fixture.componentRef.setInput('items', items);
  fixture.componentRef.setInput('recent', recent);
  const picked: string[] = [];
  fixture.componentInstance.picked.subscribe(({ id }) => picked.push(id));
  return { picked, fixture, palette: await TestbedHarnessEnvironment.harnessForFixture(fixture, PaletteHarness) };
}

describe('Palette', () => {
  it('offers what was used last first, under headings', async () => {
    const { palette } = await open(['Stop Forge']);
    expect(await palette.labels()).toEqual(['Stop Forge', 'Logs', 'Start Comfy', 'Stop Comfy']);
    expect(await palette.headings()).toEqual(['Used last', 'Tools', 'Instances']);
  });

  it('is worked by the keyboard alone, and tells screen readers where it is', async () => {
    const { palette, picked } = await open();
    await palette.type('stop');
    expect(await palette.labels()).toEqual(['Stop Comfy', 'Stop Forge']);
    await palette.press('down');
    expect([await palette.active(), await palette.pointedAt()]).toEqual(['Stop Forge', 'Stop Forge']);
    await palette.press('down');
    expect(await palette.active()).toBe('Stop Comfy');
    await palette.press('up', 'enter');
    expect(picked).toEqual(['Stop Forge']);
    await palette.press('pageDown', 'pageUp');
    expect(await palette.active()).toBe('Stop Comfy');
  });

  it('goes to the best match with every letter, and keeps its place when commands come and go', async () => {
    const { palette, fixture } = await open();
    await palette.press('down', 'down', 'down');
    expect(await palette.active()).toBe('Stop Forge');
    fixture.componentRef.setInput('items', items.slice(0, 2));
    expect(await palette.active()).toBe('Start Comfy');
    await palette.type('l');
    expect(await palette.active()).toBe('Logs');
  });

  it('says when there is nothing, and Enter does nothing then', async () => {
    const { palette, picked } = await open();
    await palette.type('nothing such');
    await palette.press('enter', 'down');
    expect([await palette.labels(), await palette.pointedAt(), picked]).toEqual([[], null, []]);
  });

  it('takes a click', async () => {
    const { palette, picked } = await open();
    await palette.click('Start Comfy');
    expect(picked).toEqual(['Start Comfy']);
  });
});
