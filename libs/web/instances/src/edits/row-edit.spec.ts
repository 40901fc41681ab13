import type { Instance } from '@aikore/contract';
import { describe, expect, it } from 'vitest';
import {
  changeField,
  conflictsOf,
  describeEdit,
  dropField,
  editNeedsRestart,
  keepMine,
  patchOf,
  valuesOf,
  type RowEdit,
  type RowValues,
} from './row-edit';

const live: RowValues = {
  name: 'ComfyUI',
  base_blueprint: 'ComfyUI.sh',
  python_version: '3.12',
  cuda_version: '',
  torch_version: '',
  output_path: '',
  gpu_ids: '0',
  autostart: false,
  restart_policy: 'never',
  persistent_mode: false,
  use_custom_hostname: false,
  hostname: '',
  port: 19001,
};
const edited = (...changes: [keyof RowValues, RowValues[keyof RowValues]][]): RowEdit => {
  let edit: RowEdit | null = null;
  for (const [field, value] of changes) edit = changeField(edit ?? undefined, live, field, value as never);
  return edit as RowEdit;
};

describe('editing a row', () => {
  it('starts with the first difference and ends with the last', () => {
    const edit = edited(['port', 19003], ['name', 'X']);
    expect(edit.mine).toEqual({ port: 19003, name: 'X' });
    expect(changeField(edit, live, 'name', 'ComfyUI')?.mine).toEqual({ port: 19003 });
    expect(dropField(edited(['port', null]), 'port')).toBeNull();
  });

  it('compares with what stood there when the edit began, not with what came later', () => {
    const edit = edited(['name', 'Mine']);
    const renamed = { ...live, name: 'Theirs' };
    expect(changeField(edit, renamed, 'name', 'Mine 2')?.base.name).toBe('ComfyUI');
    expect(changeField(edit, renamed, 'name', 'ComfyUI')).toBeNull();
  });

  it('sends only what differs, empty text as null', () => {
    const edit = edited(['python_version', ''], ['gpu_ids', ' 0,1 '], ['autostart', true], ['port', null]);
    expect(patchOf(edit, live, 7)).toEqual({
      python_version: null,
      gpu_ids: '0,1',
      autostart: true,
      port: null,
      revision: 7,
    });
    expect(patchOf(edited(['port', 19003]), { ...live, port: 19003 }, 7)).toBeNull();
  });
});

describe('conflicts', () => {
  it('live changes of other fields are none', () => {
    expect(conflictsOf(edited(['port', 19003]), { ...live, name: 'Other', autostart: true })).toEqual([]);
  });

  it('shows both values of the same field', () => {
    expect(conflictsOf(edited(['port', 19003]), { ...live, port: 19005 })).toEqual([
      { field: 'port', mine: 19003, theirs: 19005 },
    ]);
  });

  it('two people who chose the same agree', () => {
    expect(conflictsOf(edited(['port', 19003]), { ...live, port: 19003 })).toEqual([]);
  });

  it('is over when one of both is taken', () => {
    const theirs = { ...live, port: 19005 };
    const edit = edited(['port', 19003]);
    const kept = keepMine(edit, theirs, 'port');
    expect(conflictsOf(kept, theirs)).toEqual([]);
    expect(patchOf(kept, theirs, 9)).toEqual({ port: 19003, revision: 9 });
    expect(dropField(edit, 'port')).toBeNull();
  });
});

describe('words', () => {
  it('describes what changes', () => {
    expect(describeEdit(edited(['port', null], ['autostart', true], ['gpu_ids', '']), live)).toEqual([
      'Port: 19001 → auto',
      'Autostart: off → on',
      'GPUs: 0 → all',
    ]);
    expect(describeEdit(edited(['restart_policy', 'on-failure'], ['persistent_mode', true]), live)).toEqual([
      'Restart policy: never → on-failure',
      'Persistent UI: off → on',
    ]);
  });

  it('knows what waits for a restart', () => {
    expect(editNeedsRestart(edited(['autostart', true], ['port', 19003]))).toBe(false);
    // The slug, and with it the app's address, follows from the name.
    expect(editNeedsRestart(edited(['name', 'X']))).toBe(true);
    expect(editNeedsRestart(edited(['gpu_ids', '1']))).toBe(true);
    expect(editNeedsRestart(edited(['restart_policy', 'always']))).toBe(false);
    expect(editNeedsRestart(edited(['persistent_mode', true]))).toBe(true);
  });

  it('reads an instance', () => {
    const instance = { ...live, python_version: null, output_path: null, port: null } as unknown as Instance;
    expect(valuesOf(instance)).toEqual({ ...live, python_version: '', port: null });
  });
});
