import { describe, expect, it } from 'vitest';
import { runnableScript } from './script-text';

describe('runnableScript', () => {
  it.each([
    ['a\r\nb\r\n', 'a\nb\n'],
    ['a\r\r\nb', 'a\nb'],
    ['\uFEFF#!/bin/bash\r\n', '#!/bin/bash\n'],
    ['printf "50 %%\rdone"\n', 'printf "50 %%\rdone"\n'],
    ['a\uFEFFb', 'a\uFEFFb'],
    ['no end', 'no end'],
    ['', ''],
  ])('%j becomes %j', (text, runnable) => expect(runnableScript(text)).toBe(runnable));

  it('changes nothing the second time', () => {
    const once = runnableScript('\uFEFFa\r\nb\rc\r\n');
    expect(runnableScript(once)).toBe(once);
  });
});
