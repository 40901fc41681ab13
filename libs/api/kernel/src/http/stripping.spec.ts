import { describe, expect, it } from 'vitest';
import { stripCredentials, stripSetCookies } from './stripping';

/** Cookie header as it arrives → as the app may see it. */
const corpus: [string, string | null][] = [
  ['theme=dark', 'theme=dark'],
  ['aikore_1f=secret', null],
  ['theme=dark; aikore_1f=secret', 'theme=dark'],
  ['aikore_1f=secret; theme=dark', 'theme=dark'],
  ['a=1; aikore_1f=secret; b=2', 'a=1; b=2'],
  ['a=1;aikore_1f=secret;b=2', 'a=1; b=2'],
  ['a=1;   aikore_1f=secret  ; b=2', 'a=1; b=2'],
  ['AiKore_1f=secret; a=1', 'a=1'],
  ['__Host-aikore_1f=secret; a=1', 'a=1'],
  ['__host-aikore_1f=secret', null],
  ['__Secure-aikore_1f=secret; a=1', 'a=1'],
  ['aikore_app_1f_7=7.99.session:x.mac; a=1', 'a=1'],
  ['aikore_1f=secret; aikore_1f=other; aikore_app_1f_2=z', null],
  ['a="x; aikore_1f=secret; y"', 'a="x; y"'],
  ['aikore_1f', null],
  ['=aikore_1f=secret; a=1', 'a=1'],
  ['aikore_1f =secret; a=1', 'a=1'],
  ['\taikore_1f=secret; a=1', 'a=1'],
  ['myaikore_1f=1', 'myaikore_1f=1'],
  ['aikore=1', 'aikore=1'],
  ['a=aikore_1f', 'a=aikore_1f'],
  ['a=1;; b=2', 'a=1;; b=2'],
  ['', ''],
];

describe('stripCredentials', () => {
  it.each(corpus)('Cookie %j becomes %j', (cookie, expected) => {
    expect(stripCredentials(['Cookie', cookie])).toEqual(expected === null ? [] : ['Cookie', expected]);
  });

  it('cleans every one of several Cookie headers', () => {
    const raw = ['Host', 'x', 'cookie', 'a=1; aikore_1f=s', 'COOKIE', 'aikore_1f=s', 'Cookie', 'b=2'];
    expect(stripCredentials(raw)).toEqual(['Host', 'x', 'cookie', 'a=1', 'Cookie', 'b=2']);
  });

  it('removes our bearers, well formed or not, and leaves those of the app', () => {
    expect(stripCredentials(['Authorization', 'Bearer aik_0_x', 'Authorization', 'bearer   aik_broken'])).toEqual([]);
    const theirs = ['authorization', 'Bearer sk-1234', 'Authorization', 'Basic YWlrXzE6eA=='];
    expect(stripCredentials(theirs)).toEqual(theirs);
  });

  it('removes the CSRF header and keeps the order and spelling of the rest', () => {
    const raw = ['X-One', '1', 'X-AiKore', '1', 'x-TWO', 'ä', 'X-One', '2'];
    expect(stripCredentials(raw)).toEqual(['X-One', '1', 'x-TWO', 'ä', 'X-One', '2']);
  });
});

describe('stripSetCookies', () => {
  it('drops what would plant, replace or clear a cookie of ours', () => {
    const bad = [
      'aikore_1f=x',
      'AIKORE_1F=x; Path=/api',
      ' aikore_1f=x',
      '\taikore_1f=x',
      '__Host-aikore_1f=x; Secure; Path=/',
      '__HOST-AiKore_app_1f_3=x',
      '__Secure-aikore_1f=x',
      '=aikore_1f=x',
      ' = aikore_1f=x',
      'aikore_1f',
      'aikore_1f; Max-Age=0',
      'aikore_1f=; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
    ];
    const good = ['session=abc; HttpOnly', 'a=aikore_1f=x', 'theme=dark; Domain=localhost', 'my_aikore_=1'];
    expect(stripSetCookies([...bad, ...good])).toEqual(good);
  });
});
