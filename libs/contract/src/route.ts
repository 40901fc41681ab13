import type { z } from 'zod';
import type { Access } from './roles';

export type HttpMethod = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/**
 * One HTTP route: the single declaration that the server's controllers, the role matrix, the OpenAPI document and
 * the clients are all made from.
 */
export interface RouteDefinition<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
> {
  readonly method: HttpMethod;
  readonly path: `/api/${string}`;
  /** The least role that may call it. */
  readonly access: Access;
  readonly summary: string;
  readonly tag: string;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Absent: the answer is text or bytes, described by `produces`. */
  readonly response: R;
  readonly status: number;
  readonly produces: string;
  /** Recorded in the audit log: everything that changes something. */
  readonly audited: boolean;
}

/** Any route, for code that treats them alike. */
export type AnyRoute = RouteDefinition;

/** What a handler of the route receives, after validation. */
export interface RouteInput<R extends AnyRoute> {
  params: z.output<R['params']>;
  query: z.output<R['query']>;
  body: z.output<R['body']>;
}

/** What a client passes to call the route (before defaults and transforms). */
export interface RouteCall<R extends AnyRoute> {
  params?: z.input<R['params']>;
  query?: z.input<R['query']>;
  body?: z.input<R['body']>;
}

/** What the route answers with. */
export type RouteResult<R extends AnyRoute> = z.output<R['response']>;
