import { Injectable } from '@angular/core';
import { csrfHeader, type AnyRoute, type RouteCall, type RouteResult } from '@aikore/contract';
import { ApiError, errorFromBody, unreachable } from './api-error';
import { requestUrl } from './request-url';

/** Calls the routes of the contract on the same origin. */
@Injectable({ providedIn: 'root' })
export class ApiClient {
  /**
   * Told of every answer that says 401: the session is over, or there is no admin yet. Answers whether the request is
   * worth repeating: somebody logged in meanwhile.
   */
  onUnauthenticated: (error: ApiError) => Promise<boolean> = () => Promise.resolve(false);

  /**
   * Calls a route and answers with its typed result.
   * @throws ApiError when the server refuses or cannot be reached.
   */
  async call<R extends AnyRoute>(route: R, call: RouteCall<R> = {}): Promise<RouteResult<R>> {
    const response = await this.send(route, call);
    if (response.status === 204) return undefined as RouteResult<R>;
    return (await response.json()) as RouteResult<R>;
  }

  /** Calls a route that answers with bytes; the headers are there too. */
  async read<R extends AnyRoute>(route: R, call: RouteCall<R> = {}): Promise<{ bytes: Uint8Array; headers: Headers }> {
    const response = await this.send(route, call);
    return { bytes: new Uint8Array(await response.arrayBuffer()), headers: response.headers };
  }

  /** Has the browser save what a GET route answers with, piece by piece, under the name that the server gives. */
  download<R extends AnyRoute>(route: R, call: RouteCall<R>): void {
    const link = document.createElement('a');
    link.href = requestUrl(route, call.params, call.query);
    link.download = '';
    link.click();
  }

  /** The session may end between two clicks: what was asked for is done after the next login. */
  private async send<R extends AnyRoute>(route: R, call: RouteCall<R>): Promise<Response> {
    try {
      return await this.sendOnce(route, call);
    } catch (error) {
      // A wrong password says 401 too, but nothing about the session.
      const ended = error instanceof ApiError && error.status === 401 && error.code !== 'bad_credentials';
      if (!ended || !(await this.onUnauthenticated(error))) throw error;
      return this.sendOnce(route, call);
    }
  }

  private async sendOnce<R extends AnyRoute>(route: R, call: RouteCall<R>): Promise<Response> {
    const headers: Record<string, string> = { [csrfHeader.name]: csrfHeader.value };
    if (call.body !== undefined) headers['content-type'] = 'application/json';
    let response: Response;
    try {
      response = await fetch(requestUrl(route, call.params, call.query), {
        method: route.method,
        headers,
        credentials: 'same-origin',
        body: call.body === undefined ? undefined : JSON.stringify(call.body),
      });
    } catch {
      throw unreachable();
    }
    if (response.ok) return response;
    throw errorFromBody(response.status, await response.json().catch(() => null));
  }
}
