import { describe, expect, it } from 'vitest';
import { parseVersionsEnv } from './versions-env';

describe('parseVersionsEnv', () => {
  it('reads assignments with and without export, quotes and comments', () => {
    const text = [
      '\uFEFF# a comment',
      '',
      'TORCH_VERSION=2.10.0',
      'export CUDA="13.0"  # the toolkit',
      "  QUOTED='a b # c'",
      'BARE=value # comment',
      'HASH=a#b',
      'EMPTY=',
      'EMPTY_QUOTED=""',
      'URL=https://example.org/whl/cu130?a=b',
    ].join('\r\n');
    expect(parseVersionsEnv(text)).toEqual({
      values: {
        TORCH_VERSION: '2.10.0',
        CUDA: '13.0',
        QUOTED: 'a b # c',
        BARE: 'value',
        HASH: 'a#b',
        EMPTY: '',
        EMPTY_QUOTED: '',
        URL: 'https://example.org/whl/cu130?a=b',
      },
      problems: [],
    });
  });

  it('takes the last value of a key, and expands nothing', () => {
    expect(parseVersionsEnv('A=1\nA="$HOME `id` $(id)"').values).toEqual({ A: '$HOME `id` $(id)' });
  });

  it('passes over what is no assignment and names the line', () => {
    const { values, problems } = parseVersionsEnv("A=1\nrm -rf x\n1B=2\nC=\"open\nD=two words\nE='x'y\n__proto__=1");
    expect(values).toEqual(
      Object.fromEntries([
        ['A', '1'],
        ['__proto__', '1'],
      ]),
    );
    expect(problems).toEqual([2, 3, 4, 5, 6].map((line) => `Line ${line} is not of the form KEY=value.`));
  });
});
