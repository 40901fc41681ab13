import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { provideIcons } from './icons';
import { ToastOutlet, type ToastView } from './toast-outlet';
import { ToastOutletHarness } from './testing';

const showPopover = vi.fn();
const hidePopover = vi.fn();

beforeEach(() => {
  TestBed.configureTestingModule({ providers: [provideIcons()] });
  showPopover.mockClear();
  hidePopover.mockClear();
  Object.assign(HTMLElement.prototype, { showPopover, hidePopover }); // jsdom has no popovers
});

async function open(toasts: readonly ToastView[]) {
  const fixture = TestBed.createComponent(ToastOutlet);
  fixture.componentRef.setInput('toasts', toasts);
  const said: (number | 'all')[] = [];
  fixture.componentInstance.dismiss.subscribe((id) => said.push(id));
  fixture.componentInstance.dismissAll.subscribe(() => said.push('all'));
  return { said, fixture, outlet: await TestbedHarnessEnvironment.harnessForFixture(fixture, ToastOutletHarness) };
}
const failed: ToastView = { id: 1, level: 'error', title: 'Not saved', message: 'The disk is full.' };
const done: ToastView = { id: 2, level: 'success', title: 'Saved', message: '' };

describe('ToastOutlet', () => {
  it('interrupts screen readers for errors only', async () => {
    const { outlet } = await open([failed, done]);
    expect(await outlet.texts()).toEqual(['alert error: Not savedThe disk is full.', 'status success: Saved']);
  });

  it('closes one, and all where there are several', async () => {
    const { outlet, said, fixture } = await open([failed, done]);
    await outlet.close(1);
    await outlet.closeAll();
    expect(said).toEqual([2, 'all']);
    fixture.componentRef.setInput('toasts', [failed]);
    expect(await outlet.canCloseAll()).toBe(false);
  });

  it('stands above a dialog that was opened later, and gives its place up when there is nothing', async () => {
    const { fixture } = await open([failed]);
    expect(showPopover).toHaveBeenCalledTimes(1);
    fixture.componentInstance.raise();
    expect([hidePopover.mock.calls.length, showPopover.mock.calls.length]).toEqual([1, 2]);
    fixture.componentRef.setInput('toasts', []);
    await fixture.whenStable();
    expect([hidePopover.mock.calls.length, showPopover.mock.calls.length]).toEqual([2, 2]);
  });
});
