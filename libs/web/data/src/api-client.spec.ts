import { routes } from '@aikore/contract';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiClient } from './api-client';

describe('ApiClient.download', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('leaves it to the browser, so that a log of any size needs no memory here', () => {
    const link = { href: '', download: undefined as string | undefined, click: vi.fn() };
    vi.stubGlobal('document', { createElement: () => link });
    vi.stubGlobal('fetch', () => expect.unreachable('it goes through memory'));
    new ApiClient().download(routes.readLog, { params: { id: 7 }, query: { run: 'r1', download: 'true' } });
    expect(link).toMatchObject({ href: '/api/instances/7/logs?run=r1&download=true', download: '' });
    expect(link.click).toHaveBeenCalledOnce();
  });
});
