import { type AnyRoute, csrfHeader, errorStatus, logHeaders, maxLogRead, routes } from '@aikore/contract';
import * as z from 'zod';
import { jsonSchemaOf, namedSections, schemaTable, typeOf } from './schema-table';

const introduction = `# The HTTP API

<!-- Made from libs/contract by \`npm run docs\`: do not edit. -->

The whole of it, with every schema, is in [openapi.json](openapi.json); a running server shows it at \`/api/docs\`.

- A program sends \`Authorization: Bearer <token>\`, and never a token in a URL. Make one in the console, with \`aikore login\`, or with
  \`POST /api/tokens\`.
- A browser sends its session cookie, and with every call that is not a GET or HEAD the
  header \`${csrfHeader.name}: ${csrfHeader.value}\`. (A GET changes nothing, and no page of another origin can read its answer; so a download can be a plain link.)
- The \`Host\` must be one that the server knows (IP addresses, \`localhost\`, its own name, \`AIKORE_ALLOWED_HOSTS\`), and an
  \`Origin\`, when there is one, exactly the console's.
- An error is \`{"error": {"code", "message", "fields"?, "request_id"?}}\`; \`message\` says what to do.
`;

/** docs/api/http.md: every route with its role, and every error code. */
export function httpPage(): string {
  const all = Object.values(routes) as AnyRoute[];
  const rows = all.map(
    ({ method, path, access, status, summary }) => `| \`${method} ${path}\` | ${access} | ${status} | ${summary} |`,
  );
  const answers = all.map(({ response }) => jsonSchemaOf(response, 'output'));
  return [
    introduction,
    '## Routes\n',
    '| route | least role | status | |',
    '|---|---|---|---|',
    ...rows,
    '',
    ...all.map(routeText),
    logText,
    '## Errors\n',
    '| code | status |',
    '|---|---|',
    ...Object.entries(errorStatus).map(([code, status]) => `| \`${code}\` | ${status} |`),
    '\n## Shapes\n',
    namedSections([...answers, { $ref: '#/$defs/WireError' }]),
  ].join('\n');
}

function routeText(route: AnyRoute): string {
  const parts: [string, z.ZodType][] = [
    ['Query', route.query],
    ['Body', route.body],
  ];
  const tables = parts
    .filter(([, schema]) => isGiven(schema))
    .map(([title, schema]) => `${title}:\n\n${schemaTable(jsonSchemaOf(schema, 'input'))}`);
  return [`### \`${route.method} ${route.path}\`\n`, ...tables, `Answer: ${route.status}, ${answerOf(route)}.\n`].join(
    '\n',
  );
}

function isGiven(schema: z.ZodType): boolean {
  return (
    !(schema instanceof z.ZodUndefined) && Object.keys((schema as Partial<z.ZodObject>).shape ?? { it: 1 }).length > 0
  );
}

function answerOf({ produces, response }: AnyRoute): string {
  if (produces !== 'application/json') return `\`${produces}\``;
  return response instanceof z.ZodUndefined ? 'without a body' : typeOf(jsonSchemaOf(response, 'output'));
}

const logText = `### Headers of a log

| header | |
|---|---|
| \`${logHeaders.run}\` | the run that the text is of |
| \`${logHeaders.offset}\` | where its first byte stands in the whole log |
| \`${logHeaders.next}\` | the \`from\` of the next read |
| \`${logHeaders.size}\` | the size of the whole log |

One read answers at most ${maxLogRead} bytes, and begins later than \`from\` when the oldest part was dropped.
`;
