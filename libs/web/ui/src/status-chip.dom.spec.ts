import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { TestBed } from '@angular/core/testing';
import { instanceStatuses, type InstanceStatus, type Progress } from '@aikore/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { provideIcons } from './icons';
import { StatusChip } from './status-chip';
import { StatusChipHarness } from './testing';

beforeEach(() => TestBed.configureTestingModule({ providers: [provideIcons()] }));

async function chip(status: InstanceStatus, progress: Progress | null = null) {
  const fixture = TestBed.createComponent(StatusChip);
  fixture.componentRef.setInput('status', status);
  fixture.componentRef.setInput('progress', progress);
  return TestbedHarnessEnvironment.harnessForFixture(fixture, StatusChipHarness);
}

describe('StatusChip', () => {
  it('has a word and a shape of its own for every status', async () => {
    const seen = new Set<string>();
    for (const status of instanceStatuses) {
      const one = await chip(status);
      expect(await one.status()).toBe(status);
      seen.add(`${await one.label()} ${await one.icon()}`);
    }
    expect(seen.size).toBe(instanceStatuses.length);
  });

  it('tells the step, its name, and how far it is', async () => {
    const one = await chip('installing', { phase: 'install', step: 3, steps: 4, text: 'torch 2.9' });
    expect([await one.label(), await one.tooltip()]).toEqual(['Installing 3/4', 'torch 2.9']);
    expect(await one.progress()).toBe('scaleX(0.5)');
  });

  it('shows that something moves where nobody knows how far', async () => {
    expect(await (await chip('stopping')).progress()).toBe('unknown');
    expect(await (await chip('started')).progress()).toBe('none');
  });
});
