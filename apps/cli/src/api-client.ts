import type { IncomingMessage } from 'node:http';
import { type AnyRoute, csrfHeader, type RouteCall, type RouteResult, wireError } from '@aikore/contract';
import { z } from 'zod';
import { CliError, exitCodes, refusal } from './exit-codes';
import { readBytes, readText, sendRequest } from './http';

/** Who is calling: an API token, or (while logging in) a session cookie. */
export type Credential = { token: string } | { cookie: string } | null;

/** The HTTP API of a server, typed by the routes of the contract. */
export class ApiClient {
  constructor(
    readonly server: string,
    private readonly credential: Credential,
    private readonly signal?: AbortSignal,
  ) {}

  /** Call a route that answers with JSON. @throws CliError with the server's own sentence when it refuses */
  async call<R extends AnyRoute>(route: R, call: RouteCall<R> = {}): Promise<RouteResult<R>> {
    return (await this.exchange(route, call)).data;
  }

  /** As `call`, with the answer's headers. */
  async exchange<R extends AnyRoute>(
    route: R,
    call: RouteCall<R> = {},
  ): Promise<{ data: RouteResult<R>; headers: IncomingMessage['headers'] }> {
    const response = await this.send(route, call);
    const text = await readText(response, this.urlOf(route, call));
    const data = (text === '' ? undefined : this.parse(text)) as RouteResult<R>;
    return { data, headers: response.headers };
  }

  /** Call a route that answers with bytes. */
  async bytes<R extends AnyRoute>(
    route: R,
    call: RouteCall<R>,
  ): Promise<{ data: Buffer; headers: IncomingMessage['headers'] }> {
    const response = await this.send(route, call);
    return { data: await readBytes(response, this.urlOf(route, call)), headers: response.headers };
  }

  private async send<R extends AnyRoute>(route: R, call: RouteCall<R>): Promise<IncomingMessage> {
    const url = this.urlOf(route, call);
    const body = call.body === undefined ? {} : { body: JSON.stringify(call.body) };
    const response = await sendRequest({
      method: route.method,
      url,
      headers: this.headers(call.body !== undefined),
      ...body,
      ...(this.signal ? { signal: this.signal } : {}),
    });
    if ((response.statusCode ?? 500) < 300) return response;
    throw this.failure(response.statusCode ?? 500, await readText(response, url));
  }

  private headers(hasBody: boolean): Record<string, string> {
    const { credential } = this;
    return {
      accept: 'application/json, text/plain',
      [csrfHeader.name]: csrfHeader.value,
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
      ...(credential && 'token' in credential ? { authorization: `Bearer ${credential.token}` } : {}),
      ...(credential && 'cookie' in credential ? { cookie: credential.cookie } : {}),
    };
  }

  private urlOf<R extends AnyRoute>(route: R, { params, query }: RouteCall<R>): URL {
    const values = (params ?? {}) as Record<string, unknown>;
    const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(values[name])));
    const url = new URL(path, this.server);
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return url;
  }

  private failure(status: number, text: string): CliError {
    const parsed = z.object({ error: wireError }).safeParse(this.parse(text, status));
    return parsed.success ? refusal(parsed.data.error) : this.stranger(status);
  }

  private parse(text: string, status = 200): unknown {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw this.stranger(status);
    }
  }

  private stranger(status: number): CliError {
    const message = `${this.server} does not answer like AiKore (status ${status}). Check the address.`;
    return new CliError(exitCodes.error, message);
  }
}
