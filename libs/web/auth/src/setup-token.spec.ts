import { describe, expect, it } from 'vitest';
import { tokenOfFragment } from './setup-token';

describe('tokenOfFragment', () => {
  it.each([
    ['#token=abc-_1', 'abc-_1'],
    ['token=abc', 'abc'],
    ['#x=1&token=q', 'q'],
    ['#token=', null],
    ['', null],
  ])('%s → %s', (fragment, token) => expect(tokenOfFragment(fragment)).toBe(token));
});
