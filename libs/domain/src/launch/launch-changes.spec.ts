import type { LaunchSnapshot } from '@aikore/contract';
import { describe, expect, it } from 'vitest';
import { compareLaunches, launchSnapshotOf } from './launch-changes';

const good: LaunchSnapshot = {
  blueprint: 'ComfyUI.sh',
  script: 'aaaa',
  settings: { gpu_ids: '0' },
  versions: { TORCH_VERSION: '2.9.1', PYTHON_VERSION: '3.12' },
  memory_kills: 3,
};

describe('what changed between two starts', () => {
  it('is nothing for the same, however often the kernel killed something', () => {
    expect(compareLaunches(good, { ...good, memory_kills: 4 })).toEqual([]);
  });

  it('names each difference, with what was not set as null', () => {
    const bad = {
      blueprint: 'Forge.sh',
      script: 'bbbb',
      settings: { output_path: 'x' },
      versions: { TORCH_VERSION: '2.10.0', PYTHON_VERSION: '3.12' },
    };
    expect(compareLaunches(good, bad)).toEqual([
      { what: 'blueprint', name: '', before: 'ComfyUI.sh', after: 'Forge.sh' },
      { what: 'script', name: '', before: 'aaaa', after: 'bbbb' },
      { what: 'version', name: 'TORCH_VERSION', before: '2.9.1', after: '2.10.0' },
      { what: 'setting', name: 'gpu_ids', before: '0', after: null },
      { what: 'setting', name: 'output_path', before: null, after: 'x' },
    ]);
  });
});

describe('a snapshot', () => {
  it('keeps what is set, and of the environment only versions', () => {
    const snapshot = launchSnapshotOf({
      blueprint: 'a.sh',
      script: 'aaaa',
      settings: { gpu_ids: null, output_path: '', persistent_mode: false, slug: 'a', autostart: true },
      env: { PATH: '/bin', TORCH_VERSION: '2.9.1', PYTORCH_INDEX_URL: 'https://x/cu130', SECRET: 'no' },
      memoryKills: null,
    });
    expect(snapshot).toEqual({
      blueprint: 'a.sh',
      script: 'aaaa',
      settings: { slug: 'a', autostart: 'on' },
      versions: { TORCH_VERSION: '2.9.1', PYTORCH_INDEX_URL: 'https://x/cu130' },
    });
  });
});
