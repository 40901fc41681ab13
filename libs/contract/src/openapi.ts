import { z } from 'zod';
import { errorStatus, wireError } from './errors';
import type { AnyRoute } from './route';
import { logHeaders, routes } from './routes';

type Json = Record<string, unknown>;

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
  return rest;
};

/** The OpenAPI 3.1 document of every route, made from the same declarations that the server runs on. */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Json> = {};
  for (const [name, route] of Object.entries(routes) as [string, AnyRoute][]) {
    const path = route.path.replace(/:([a-z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'AiKore',
      version,
      description:
        'Send `Authorization: Bearer <token>`; make a token in the console or with `POST /api/tokens`. Every error has the form `{"error": {"code", "message"}}`.',
    },
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: schemaOf(z.object({ error: wireError }), 'output') },
    },
  };
}

function operation(operationId: string, route: AnyRoute): Json {
  return {
    operationId,
    tags: [route.tag],
    summary: route.summary,
    description:
      route.access === 'public' ? 'Open to everybody.' : `Needs the role \`${route.access}\` or a higher one.`,
    ...(route.access === 'public' ? { security: [] } : {}),
    parameters: [...parametersOf('path', route.params), ...parametersOf('query', route.query)],
    ...requestBody(route.body),
    responses: { [route.status]: success(route), ...failures(route) },
  };
}

function parametersOf(where: 'path' | 'query', schema: z.ZodType): Json[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, value]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: value,
  }));
}

function requestBody(schema: z.ZodType): Json {
  if (schema instanceof z.ZodUndefined) return {};
  const optional = schema instanceof z.ZodOptional;
  return {
    requestBody: { required: !optional, content: { 'application/json': { schema: schemaOf(schema, 'input') } } },
  };
}

function success(route: AnyRoute): Json {
  if (route.produces !== 'application/json') {
    const headers = Object.values(logHeaders).map((name) => [name, { schema: { type: 'string' } }]);
    return {
      description: 'OK',
      headers: Object.fromEntries(headers) as Json,
      content: { [route.produces]: { schema: { type: 'string' } } },
    };
  }
  if (route.response instanceof z.ZodUndefined) return { description: 'Done' };
  return { description: 'OK', content: { 'application/json': { schema: schemaOf(route.response, 'output') } } };
}

function failures(route: AnyRoute): Json {
  const possible = route.access === 'public' ? [400, 429] : [400, 401, 403, 404, 409];
  const byStatus = (status: number): string =>
    Object.entries(errorStatus)
      .filter(([, value]) => value === status)
      .map(([code]) => `\`${code}\``)
      .join(', ');
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };
  return Object.fromEntries(possible.map((status) => [status, { description: byStatus(status), content }]));
}
