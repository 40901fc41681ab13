import { routes } from '@aikore/contract';
import { describe, expect, it } from 'vitest';
import { requestUrl } from './request-url';

describe('requestUrl', () => {
  it('fills in the parameters and the query', () => {
    expect(requestUrl(routes.actOnInstance, { id: 3, action: 'start' }, { wait: 'started', timeout: undefined })).toBe(
      '/api/instances/3/actions/start?wait=started',
    );
  });

  it('escapes what comes from outside', () => {
    expect(requestUrl(routes.deleteToken, { id: '../x?y' })).toBe('/api/tokens/..%2Fx%3Fy');
  });

  it('refuses to call a route without its parameter', () => {
    expect(() => requestUrl(routes.getInstance)).toThrow('needs the parameter id');
  });
});
