import { expect, it } from 'vitest';
import { exposureWords } from './exposure-words';

it('names every address, and what to do', () => {
  expect(exposureWords({ exposed: [] })).toBeNull();
  const words = exposureWords({ exposed: ['0.0.0.0:8188', '[::]:8189'] });
  expect(words).toContain('0.0.0.0:8188 and [::]:8189');
  expect(words).toContain('127.0.0.1');
});
