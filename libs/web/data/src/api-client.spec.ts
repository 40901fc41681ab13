import { routes } from '@aikore/contract';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiClient } from './api-client';

afterEach(() => vi.unstubAllGlobals());

describe('ApiClient.download', () => {
  it('leaves it to the browser, so that a log of any size needs no memory here', () => {
    const link = { href: '', download: undefined as string | undefined, click: vi.fn() };
    vi.stubGlobal('document', { createElement: () => link });
    vi.stubGlobal('fetch', () => expect.unreachable('it goes through memory'));
    new ApiClient().download(routes.readLog, { params: { id: 7 }, query: { run: 'r1', download: 'true' } });
    expect(link).toMatchObject({ href: '/api/instances/7/logs?run=r1&download=true', download: '' });
    expect(link.click).toHaveBeenCalledOnce();
  });
});

describe('a session that ends', () => {
  const refusal = (code: string, status = 401) => Response.json({ error: { code, message: 'No.' } }, { status });

  function client(...answers: Response[]) {
    const fetch = vi.fn(() => Promise.resolve(answers.shift() as Response));
    vi.stubGlobal('fetch', fetch);
    return { api: new ApiClient(), fetch };
  }

  it('has the request repeated after the next login', async () => {
    const { api, fetch } = client(refusal('unauthenticated'), Response.json([]));
    api.onUnauthenticated = () => Promise.resolve(true);
    expect(await api.call(routes.listInstances)).toEqual([]);
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it('is told to whoever asked when nobody logs in, and when the login does not help', async () => {
    const { api, fetch } = client(refusal('unauthenticated'), refusal('unauthenticated'), refusal('unauthenticated'));
    await expect(api.call(routes.listInstances)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(fetch).toHaveBeenCalledTimes(1);
    api.onUnauthenticated = () => Promise.resolve(true);
    await expect(api.call(routes.listInstances)).rejects.toMatchObject({ status: 401 });
    expect(fetch).toHaveBeenCalledTimes(3);
  });

  it('is not what a wrong password or a refusal says', async () => {
    const { api } = client(refusal('bad_credentials'), refusal('forbidden', 403));
    api.onUnauthenticated = () => expect.unreachable('it asks for a login');
    const body = { username: 'ada', password: 'wrong' };
    await expect(api.call(routes.login, { body })).rejects.toMatchObject({ code: 'bad_credentials' });
    await expect(api.call(routes.listInstances)).rejects.toMatchObject({ code: 'forbidden' });
  });
});
