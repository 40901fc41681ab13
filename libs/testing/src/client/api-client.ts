import type { AnyRoute, RouteCall, RouteResult, WireError } from '@aikore/contract';
import { http, type HttpAnswer } from './http';

export interface ApiAnswer<R extends AnyRoute> extends HttpAnswer {
  readonly data: RouteResult<R>;
  /** Of an answer that is no success. */
  readonly error: WireError | null;
}

/** What a call may carry beside the route's own parts: values of any type, for requests that must be refused. */
export interface AnyCall {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
}

/** The path of a route with its parameters filled in, each as one path piece. */
export function pathOf(route: AnyRoute, { params = {}, query = {} }: AnyCall): string {
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return search.size > 0 ? `${path}?${search.toString()}` : path;
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Calls the API of a server as one identity. */
export class ApiClient {
  /** @param token an API token; null: nobody */
  constructor(
    readonly port: number,
    readonly token: string | null,
  ) {}

  get headers(): Record<string, string> {
    return this.token === null ? {} : { authorization: `Bearer ${this.token}` };
  }

  /** A call that succeeds. @throws Error with the server's sentence when it does not */
  async call<R extends AnyRoute>(route: R, call: RouteCall<R> = {}): Promise<RouteResult<R>> {
    const answer = await this.ask(route, call);
    if (answer.status !== route.status) {
      throw new Error(`${route.method} ${route.path} answered ${answer.status}: ${answer.text.slice(0, 500)}`);
    }
    return answer.data;
  }

  /** A call whatever becomes of it. */
  ask<R extends AnyRoute>(route: R, call: RouteCall<R> = {}): Promise<ApiAnswer<R>> {
    return this.send(route, call as AnyCall);
  }

  /** As `ask`, with values that the contract does not allow. */
  async send<R extends AnyRoute>(route: R, call: AnyCall): Promise<ApiAnswer<R>> {
    const hasBody = call.body !== undefined;
    const answer = await http(this.port, pathOf(route, call), {
      method: route.method,
      headers: { ...this.headers, ...(hasBody ? { 'content-type': 'application/json' } : {}) },
      ...(hasBody ? { body: JSON.stringify(call.body) } : {}),
      timeout: 400_000,
    });
    const json = jsonOf(answer.text);
    const error = answer.status >= 400 ? ((json as { error?: WireError } | undefined)?.error ?? null) : null;
    return { ...answer, data: json as RouteResult<R>, error };
  }
}
