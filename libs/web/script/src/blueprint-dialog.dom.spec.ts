import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { TestBed } from '@angular/core/testing';
import { MAT_DIALOG_DATA, MatDialogRef } from '@angular/material/dialog';
import { routes } from '@aikore/contract';
import { ApiClient, ApiError, BlueprintsStore } from '@aikore/web/data';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { BlueprintDialog, proposeFilename } from './blueprint-dialog';
import { BlueprintDialogHarness } from './testing/blueprint-dialog-harness';

describe('the name that is proposed', () => {
  it.each([
    ['ComfyUI.sh', 'ComfyUI_custom.sh'],
    ['ComfyUI_custom.sh', 'ComfyUI_custom.sh'],
    ['My app v1.2.sh', 'My_app_v1_2_custom.sh'],
    ['.sh', 'App_custom.sh'],
  ])('for %s is %s', (base, proposed) => expect(proposeFilename(base)).toBe(proposed));
});

describe('the dialog that saves a custom blueprint', () => {
  const call = vi.fn();
  const close = vi.fn();
  const stock = { filename: 'ComfyUI.sh', source: 'stock', name: 'ComfyUI', shadows: false };

  async function open(): Promise<BlueprintDialogHarness> {
    const fixture = TestBed.createComponent(BlueprintDialog);
    return TestbedHarnessEnvironment.harnessForFixture(fixture, BlueprintDialogHarness);
  }

  beforeEach(() => {
    vi.resetAllMocks();
    TestBed.configureTestingModule({
      providers: [
        { provide: MAT_DIALOG_DATA, useValue: { content: 'echo\n', base: 'ComfyUI.sh' } },
        { provide: MatDialogRef, useValue: { close } },
        { provide: ApiClient, useValue: { call } },
        {
          provide: BlueprintsStore,
          useValue: { find: (name: string) => (name === stock.filename ? stock : undefined) },
        },
      ],
    });
  });

  it('saves under the proposed name', async () => {
    const saved = { filename: 'ComfyUI_custom.sh' };
    call.mockResolvedValue(saved);
    const dialog = await open();
    expect([await dialog.name(), await dialog.hint()]).toEqual(['ComfyUI_custom.sh', 'Saved as ComfyUI_custom.sh.']);
    await dialog.save();
    const body = { filename: 'ComfyUI_custom.sh', content: 'echo\n', overwrite: false };
    expect(call).toHaveBeenCalledExactlyOnceWith(routes.saveBlueprint, { body });
    expect(close).toHaveBeenCalledExactlyOnceWith(saved);
  });

  it('adds .sh, and offers nothing for what is no name', async () => {
    const dialog = await open();
    await dialog.rename('Mine');
    expect([await dialog.hint(), await dialog.offer()]).toEqual(['Saved as Mine.sh.', 'Save']);
    for (const name of ['', '../x', 'a b', '-x', 'ä']) {
      await dialog.rename(name);
      expect([name, await dialog.offer()]).toEqual([name, null]);
    }
  });

  it('says when it would stand in for a stock blueprint', async () => {
    const dialog = await open();
    await dialog.rename('ComfyUI');
    expect(await dialog.hint()).toContain('in place of the stock blueprint “ComfyUI”');
  });

  it('asks before it overwrites, anew for each name', async () => {
    call.mockRejectedValueOnce(new ApiError({ code: 'name_taken', message: 'Taken.' }, 409));
    const dialog = await open();
    await dialog.save();
    expect([await dialog.offer(), close.mock.calls]).toEqual(['Overwrite', []]);
    expect(await dialog.hint()).toContain('already');
    await dialog.rename('Other');
    expect(await dialog.offer()).toBe('Save');
    call.mockRejectedValueOnce(new ApiError({ code: 'name_taken', message: 'Taken.' }, 409));
    await dialog.save();
    call.mockResolvedValueOnce({ filename: 'Other.sh' });
    await dialog.save();
    expect(call.mock.lastCall?.[1]).toEqual({ body: { filename: 'Other.sh', content: 'echo\n', overwrite: true } });
    expect(close).toHaveBeenCalledOnce();
  });

  it('stays, with the name, when the server refuses or is away', async () => {
    call.mockRejectedValueOnce(new ApiError({ code: 'disk_full', message: 'The disk is full.' }, 507));
    const dialog = await open();
    await dialog.rename('Mine');
    await dialog.save();
    expect([await dialog.name(), await dialog.hint(), await dialog.offer()]).toEqual([
      'Mine',
      'The disk is full.',
      'Save',
    ]);
    expect(close).not.toHaveBeenCalled();
  });
});
