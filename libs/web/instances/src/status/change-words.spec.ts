import { describe, expect, it } from 'vitest';
import { changeWords } from './change-words';

describe('what changed, in words', () => {
  it.each([
    [{ what: 'script', name: '', before: 'a', after: 'b' }, 'The script (launch.sh) was changed'],
    [{ what: 'blueprint', name: '', before: 'A.sh', after: 'B.sh' }, 'Blueprint: A.sh → B.sh'],
    [{ what: 'setting', name: 'gpu_ids', before: '0', after: null }, 'GPUs: 0 → all'],
    [{ what: 'version', name: 'TORCH_VERSION', before: null, after: '2.9.1' }, 'TORCH_VERSION: auto → 2.9.1'],
  ] as const)('%j', (change, words) => expect(changeWords(change)).toBe(words));
});
