import { describe, expect, it } from 'vitest';
import { cleanTitle } from './clean-title';

describe('cleanTitle', () => {
  it.each([
    ['root@box: ~/app', 'root@box: ~/app'],
    ['  two\r\nlines\t', 'two lines'],
    ['\u202Etxt.exe\u202C', 'txt.exe'],
    ['a\u200b\u2066b', 'a b'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['\u0000\u0007', ''],
    ['日本 🎉', '日本 🎉'],
  ])('%j is %j', (title, wanted) => {
    expect(cleanTitle(title)).toBe(wanted);
  });

  it('is short, and cuts no character in half', () => {
    const title = cleanTitle('🎉'.repeat(10_000));
    expect([...title]).toHaveLength(120);
    expect(title.endsWith('🎉…')).toBe(true);
  });
});
