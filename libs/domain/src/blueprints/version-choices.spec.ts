import { describe, expect, it } from 'vitest';
import { versionChoicesOf } from './version-choices';

describe('versions to propose', () => {
  it('are those of versions.env', () => {
    const index = 'https://download.pytorch.org/whl/cu130';
    expect(versionChoicesOf({ TORCH_VERSION: '2.10.0', PYTORCH_INDEX_URL: index })).toEqual({
      python: [],
      cuda: ['13.0'],
      torch: ['2.10.0'],
    });
    expect(versionChoicesOf({ CUDA_VERSION: '12.8', PYTORCH_INDEX_URL: 'https://x/whl/cu128' }).cuda).toEqual(['12.8']);
    expect(versionChoicesOf({ PYTORCH_INDEX_URL: 'https://x/whl/cpu' }).cuda).toEqual([]);
  });
});
