import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  Header,
  HttpCode,
  RequestMapping,
  RequestMethod,
  SetMetadata,
} from '@nestjs/common';
import { type AnyRoute, plainWords, type RouteInput } from '@aikore/contract';
import { validationError } from '../errors/to-app-error';
import type { GatedRequest, Identity } from './identity';

export const ENDPOINT = 'aikore:endpoint';

/** Make a controller method the handler of a route of the contract: its path, status, access and validation. */
export const Endpoint = (route: AnyRoute): MethodDecorator =>
  applyDecorators(
    RequestMapping({ path: route.path, method: RequestMethod[route.method] }),
    HttpCode(route.status),
    Header('Cache-Control', 'no-store'),
    SetMetadata(ENDPOINT, route),
  );

/** The route that a handler was declared for. */
export const endpointOf = (handler: object): AnyRoute | undefined =>
  Reflect.getMetadata(ENDPOINT, handler) as AnyRoute | undefined;

/** Validated `{params, query, body}` of the route; throws `validation_failed` with every field named. */
export const Input = createParamDecorator((_: unknown, context: ExecutionContext): RouteInput<AnyRoute> => {
  const route = endpointOf(context.getHandler());
  if (!route) throw new Error('Input() needs an Endpoint() on the same method');
  const request = context.switchToHttp().getRequest<GatedRequest>();
  const parse = (part: 'params' | 'query' | 'body', value: unknown): unknown => {
    const result = route[part].safeParse(value, { error: plainWords });
    if (!result.success) throw validationError(result.error, part === 'body' ? '' : part);
    return result.data;
  };
  return {
    params: parse('params', request.params),
    query: parse('query', request.query),
    body: parse('body', bodyOf(request, route)),
  };
});

/**
 * A request without a body is `undefined`, not the `{}` that some parsers make of it. Where no body is needed, the
 * `{}` that some clients send for "nothing" counts as none.
 */
function bodyOf(request: GatedRequest, route: AnyRoute): unknown {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  if (encoding === undefined && (length === undefined || length === '0')) return undefined;
  const body = request.body as unknown;
  return isEmptyObject(body) && route.body.safeParse(undefined).success ? undefined : body;
}

const isEmptyObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;

/** The caller; only on routes that need a role. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Identity => {
  const { identity } = context.switchToHttp().getRequest<GatedRequest>();
  if (!identity) throw new Error('Caller() on a public route');
  return identity;
});
