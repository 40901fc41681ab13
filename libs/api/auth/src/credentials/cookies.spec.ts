import { stripCredentials } from '@aikore/api/kernel';
import { describe, expect, it } from 'vitest';
import { appCookieName, cookieValues, sessionCookieName } from './cookies';

describe('cookieValues', () => {
  it('finds every value of a name, for a planted one may come first', () => {
    expect(cookieValues('aikore_1f=planted; a=1; aikore_1f=real', 'aikore_1f')).toEqual(['planted', 'real']);
    expect(cookieValues('AIKORE_1f=x; xaikore_1f=y; aikore_1f', 'aikore_1f')).toEqual([]);
    expect(cookieValues(undefined, 'aikore_1f')).toEqual([]);
  });
});

describe('the names of our cookies', () => {
  it.each([true, false])('are those that apps never see (TLS: %s)', (secure) => {
    const names = [sessionCookieName('1f', secure), appCookieName('1f', 7, secure)];
    expect(stripCredentials(['Cookie', names.map((name) => `${name}=x`).join('; ')])).toEqual([]);
  });
});
