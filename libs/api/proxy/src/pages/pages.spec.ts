import { instanceStatuses } from '@aikore/contract';
import { describe, expect, it } from 'vitest';
import { landing } from '../app/entry';
import { appRoute } from '../testing/door';
import { waitingPage } from './waiting-page';

describe('waitingPage', () => {
  it('says which step an installation is at', () => {
    const progress = { phase: 'install' as const, step: 3, steps: 7, text: 'Installing torch' };
    const page = waitingPage(appRoute({ status: 'installing', progress }));
    expect(page).toMatchObject({ status: 503, reload: 2, title: 'Echo is being installed' });
    expect(page.body.text).toContain('step 3 of 7: Installing torch');
    expect(page.body.text).toContain('max="1" value="0.286"');
  });

  it.each(instanceStatuses)('has words for %s and never hurries without a reason', (status) => {
    const { reload, body } = waitingPage(appRoute({ status }));
    expect(body.text).toContain('Echo');
    if (status === 'error') expect(reload).toBeNull();
    if (status === 'stopped' || status === 'stalled') expect(reload).toBeGreaterThanOrEqual(15);
  });

  it('escapes everything that comes from outside', () => {
    const evil = '<img src=x onerror=alert(1)>"\'&';
    const progress = { phase: 'install' as const, step: 1, steps: 2, text: evil };
    const { text } = waitingPage(appRoute({ status: 'installing', name: evil, reason: evil, progress })).body;
    expect(text).not.toContain('<img');
    expect(text.match(/&lt;img src=x onerror=alert\(1\)&gt;&quot;&#39;&amp;/g)).toHaveLength(3);
  });
});

describe('landing', () => {
  it.each([
    ['/', '/'],
    ['/a/b?c=d#e', '/a/b?c=d#e'],
    ['/a//b', '/a//b'],
    ['//evil.example/', '/'],
    ['/\\evil.example', '/'],
    ['/a\\b', '/'],
    ['\\\\evil', '/'],
    ['https://evil.example/', '/'],
    ['/a\r\nSet-Cookie: x=1', '/'],
    ['', '/'],
    [null, '/'],
  ])('%s → %s', (to, expected) => expect(landing(to)).toBe(expected));
});
