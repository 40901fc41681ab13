import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { ChangeDetectionStrategy, Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { ApiError } from '@aikore/web/data';
import { provideIcons } from '@aikore/web/ui';
import { beforeEach, describe, expect, it } from 'vitest';
import { InstancesPanel } from './instances-panel';
import { FakeInstances, fakeParts, instanceOf } from './testing/fake-parts';
import { InstancesPanelHarness } from './testing/instances-panel-harness';

@Component({
  selector: 'ak-host',
  imports: [InstancesPanel],
  template: '<ak-instances-panel [zoom]="100" />',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class Host {}

/** jsdom has no layout: every row is in sight. */
class EverythingInSight {
  constructor(private readonly tell: (entries: { target: Element; isIntersecting: boolean }[]) => void) {}
  observe(target: Element): void {
    queueMicrotask(() => this.tell([{ target, isIntersecting: true }]));
  }
  unobserve(): void {
    // Nothing is kept.
  }
  disconnect(): void {
    // Nothing is kept.
  }
}

let store: FakeInstances;
async function open(role: 'viewer' | 'operator' | 'admin' = 'admin'): Promise<InstancesPanelHarness> {
  TestBed.configureTestingModule({ providers: [provideIcons(), ...fakeParts(store, role)] });
  return TestbedHarnessEnvironment.loader(TestBed.createComponent(Host)).getHarness(InstancesPanelHarness);
}

beforeEach(() => {
  Object.assign(globalThis, { IntersectionObserver: EverythingInSight });
  Element.prototype.scrollIntoView = () => undefined;
  store = new FakeInstances();
  store.put(
    instanceOf(1, 'one', { gpu_ids: '1,0' }),
    instanceOf(2, 'two'),
    instanceOf(3, 'child', { parent_instance_id: 2 }),
    instanceOf(4, 'four', { gpu_ids: '7' }),
  );
});

describe('rows', () => {
  it('are dirty from the first difference to the last, and are saved together', async () => {
    const panel = await open();
    const one = await panel.row('one');
    await one.type('output', 'x');
    await (await panel.row('two')).type('hostname', 'two.example.org');
    expect(await one.isDirty()).toBe(true);
    expect(await panel.saveLabel()).toBe('Save changes (2)');
    await one.type('output', '');
    expect(await one.isDirty()).toBe(false);
    await panel.save();
    expect(store.asked).toEqual([{ update: 2, hostname: 'two.example.org' }]);
    expect(await panel.saveLabel()).toBeNull();
  });

  it('never lose a GPU, and a step back changes nothing', async () => {
    const panel = await open();
    const one = await panel.row('one');
    await one.click('gpu-7');
    expect(await one.isDirty()).toBe(true);
    await one.click('gpu-7');
    expect(await one.isDirty()).toBe(false);
    await (await panel.row('four')).click('gpu-0');
    await panel.save();
    expect(store.asked).toEqual([{ update: 4, gpu_ids: '0,7' }]);
  });

  it('keep what is typed when others change, and show both values of a conflict', async () => {
    const panel = await open();
    const one = await panel.row('one');
    await one.type('output', 'mine');
    store.put({ ...(store.find(1) ?? instanceOf(1, 'one')), autostart: true, output_path: 'theirs', revision: 2 });
    expect(await one.value('output')).toBe('mine');
    expect(await one.isChecked('autostart')).toBe(true);
    expect(await one.conflict()).toMatch(/mine.*theirs/s);
    await panel.save();
    expect(store.asked).toEqual([]);
    await one.resolve('keep-mine');
    await panel.save();
    expect(store.asked).toEqual([{ update: 1, output_path: 'mine' }]);
  });

  it('say why they were not saved, and stay as they were typed', async () => {
    const panel = await open();
    const one = await panel.row('one');
    await one.type('output', '../outside');
    await panel.save();
    expect((await one.problems()).join()).toContain('Output path must not hold');
    await one.type('output', 'fine');
    store.refusal = new ApiError({ code: 'unavailable', message: 'gone' }, 0);
    await panel.save();
    expect((await one.problems()).join()).toContain('does not answer');
    expect(await one.value('output')).toBe('fine');
    await panel.cancel();
    expect(await one.value('output')).toBe('');
    expect(await one.problems()).toEqual([]);
  });

  it('of satellites cannot change what is their parent’s', async () => {
    const child = await (await open()).row('child');
    expect(await child.isSatellite()).toBe(true);
    for (const mark of ['blueprint', 'python', 'cuda', 'torch', 'output'])
      expect(await child.isLocked(mark)).toBe(true);
    expect(await child.isLocked('name')).toBe(false);
  });

  it('offer what the role allows', async () => {
    const panel = await open('operator');
    const one = await panel.row('one');
    expect(await one.isLocked('name')).toBe(true);
    expect(await one.isActionOffered('start')).toBe(true);
    expect(await one.isActionOffered('delete')).toBe(false);
  });

  it('that were deleted while they were edited say what was not saved', async () => {
    const panel = await open();
    await (await panel.row('four')).type('output', 'kept');
    store.instances.update((all) => all.filter(({ id }) => id !== 4));
    expect((await panel.orphans()).join()).toMatch(/four was deleted.*kept/s);
  });
});

describe('order and filter', () => {
  it('moves a family past another one, and a satellite among its siblings only', async () => {
    const panel = await open();
    await panel.moveRow('one', 'down');
    await panel.moveRow('four', 'up');
    await panel.moveRow('one', 'up');
    await panel.moveRow('child', 'down');
    expect(store.asked).toEqual([
      { move: 1, before: 4 },
      { move: 4, before: 2 },
    ]);
  });

  it('moves nothing for a viewer', async () => {
    const panel = await open('viewer');
    await panel.moveRow('one', 'down');
    expect(store.asked).toEqual([]);
  });

  it('shows what fits, with the parent of a satellite and what is being edited', async () => {
    const panel = await open();
    await panel.filter('child');
    expect(await panel.names()).toEqual(['two', 'child']);
    await panel.filter('');
    await (await panel.row('four')).type('output', 'x');
    await panel.filter('one');
    expect(await panel.names()).toEqual(['one', 'four']);
  });
});

describe('a draft', () => {
  it('proposes a free name, which the output path follows until it is typed', async () => {
    const panel = await open();
    await panel.add();
    expect(await panel.draftValue('name')).toBe('New instance');
    await panel.typeInDraft('name', 'a/b');
    expect(await panel.draftValue('output')).toBe('a-b');
    await panel.typeInDraft('output', 'own');
    await panel.typeInDraft('name', 'other');
    expect(await panel.draftValue('output')).toBe('own');
  });
});
