import { describe, expect, it } from 'vitest';
import { webAddress } from './web-address';

describe('webAddress', () => {
  it.each([
    ['http://127.0.0.1:7860', 'http://127.0.0.1:7860/'],
    ['HTTPS://Example.org/a b', 'https://example.org/a%20b'],
    // What is read and what is opened must be the same.
    ['https://ex\u0430mple.org', 'https://xn--exmple-4nf.org/'],
  ])('%s is %s', (text, href) => expect(webAddress(text)).toBe(href));

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'ssh://host',
    '//example.org',
    '',
    `https://${'a'.repeat(9_000)}`,
  ])('%.30s is none', (text) => expect(webAddress(text)).toBeNull());
});
