import {
  logFlow,
  type Rate,
  socketLimits,
  type SocketMessage,
  type SocketRequest,
  sockets,
  terminalFlow,
  terminalLimits,
} from '@aikore/contract';
import { type JsonSchema, jsonSchemaOf, namedSections, schemaTable } from './schema-table';

interface Namespace {
  readonly namespace: string;
  readonly requests: Readonly<Record<string, SocketRequest>>;
  readonly messages: Readonly<Record<string, SocketMessage>>;
}

const rate = ({ burst, perSecond }: Rate): string => `${burst} | ${perSecond}`;
const paced = Object.values(sockets)
  .flatMap(({ requests }) => Object.values(requests) as SocketRequest[])
  .filter((request) => request.paced)
  .map(({ name }) => `\`${name}\``)
  .join(', ');

const introduction = `# The socket protocol

<!-- Made from libs/contract by \`npm run docs\`: do not edit. -->

AiKore speaks [socket.io](https://socket.io) 4 on the address of the console, path \`/socket.io/\`, transport
**websocket** only. A browser is let in by its session cookie, from the console's own origin; a program by
\`Authorization: Bearer <token>\` in the upgrade request. A connection that is refused sees an HTTP
error (401, 403, 421, 429 or 503, with a [WireError](#wireerror) as JSON), not a socket. When the session or the token ends, its sockets are closed within a second.

\`\`\`ts
import { io } from 'socket.io-client';

const socket = io('http://localhost:9000/instances', {
  transports: ['websocket'],
  extraHeaders: { Authorization: \`Bearer \${token}\` },
});
const answer = await socket.emitWithAck('instances:join', {});
if (!answer.ok) throw new Error(answer.error.message);
socket.on('instance:changed', (instance) => console.log(instance.name, instance.status));
\`\`\`

\`apps/cli\` is a whole client to read.

## Rules

- **Every request is answered by an \`Ack\`**: \`{ ok: true, data }\` or \`{ ok: false, error }\` with a
  [WireError](#wireerror). Nothing is thrown across the wire. A request without a callback is carried out all the same.
- **A join answers a snapshot, then messages follow with no gap.** A change that falls between the two may arrive twice,
  never not at all: apply messages by id, the newest wins (\`revision\`).
- After a reconnect, join again. Nothing is kept for a client that is away; \`/logs\` goes on from an offset.
- A request needs at least the role that it names. An unknown request is not answered.
- A message of a client may have 1 MiB at most.

## Limits

| | at once | a second, from then on | beyond |
|---|---|---|---|
| requests of a connection, joins of namespaces included | ${rate(socketLimits.requests)} | \`rate_limited\` |
| requests of all connections of a session or token | ${rate(socketLimits.requestsPerCredential)} | \`rate_limited\` |
| refused requests of a connection | ${rate(socketLimits.refusals)} | closed |
| anything that a connection sends | ${rate(socketLimits.packets)} | closed |
| logs that a connection watches | ${socketLimits.subscriptions} | | \`rate_limited\` |
| connections of a session or token | ${socketLimits.connections.perCredential} | | 429 |
| connections in all | ${socketLimits.connections.total} | | 503 |

Parts of a stream that the server paces itself (${paced}) are no requests in this table. A namespace is joined once per connection; one connection can join several.
`;

const flowControl = `### Flow control

Offsets are byte positions in the whole log of a run; they stay true when the oldest part is dropped.

| | bytes |
|---|---|
| sent without being acknowledged, at most (\`window\`) | ${logFlow.window} |
| one \`log:chunk\`, at most | ${logFlow.chunk} |
| a viewer further behind than this is moved forward and told by \`log:gap\` with the reason \`slow\` | ${logFlow.maxLag} |
| sent at a join without \`from\` and \`tail\` | the last ${logFlow.snapshot}, cut at a line start |

Send \`log:ack\` with the offset behind the last byte that was taken in. To resume after a reconnect, join with \`run\`,
\`from\` and, to see later runs too, \`follow: true\`.
`;

const terminalFlowControl = `### Life, flow control, limits

A terminal lives on the server: \`terminal:open\` starts a shell, \`terminal:attach\` looks at it, and losing the connection or
\`terminal:detach\` ends the looking only. It belongs to its user; another admin is refused. When the server stops, terminals end.

\`terminal:attach\` is followed by one \`terminal:screen\` (reset the terminal, give it the size, write \`data\`), then by
\`terminal:output\` without a gap. Add up the bytes of \`data\` in both since the attach, and send the sum in \`terminal:ack\` as the terminal
has taken them in. While the fastest viewer has more than \`pause\` bytes open, the program waits, until it is at \`resume\`. A viewer that is
\`lag\` bytes behind while another keeps up is sent nothing until it is at \`resume\`, and then a \`terminal:screen\` with the reason
\`lagging\`: output in between is missing. Questions of programs to the terminal are not part of a screen; of several viewers, the one that
was used last is believed when it answers.

\`terminal:input\` is answered when there is room for more: send the next piece of a large paste then. \`subscription\` is the client's name for one view
of one terminal on this connection.

| | |
|---|---|
| \`pause\`, \`resume\`, \`lag\`, in bytes | ${terminalFlow.pause}, ${terminalFlow.resume}, ${terminalFlow.lag} |
| one \`terminal:screen\` or \`terminal:output\`, at most | ${terminalFlow.chunk} bytes |
| one \`terminal:input\`, at most | ${terminalFlow.input} bytes |
| kept for those who attach | ${terminalLimits.scrollback} lines, in at most ${terminalLimits.replayBytes} bytes |
| terminals of an instance, of a user, in all | ${terminalLimits.perInstance}, ${terminalLimits.perUser}, ${terminalLimits.total} |
| viewers of a terminal, terminals of a connection | ${terminalLimits.viewers}, ${terminalLimits.attached} |
| ends when nothing runs in it, and nothing is typed or written, for | ${terminalLimits.idleMs / 60_000} minutes; \`idle_end_at\` is set ${terminalLimits.warningMs / 60_000} minutes before |
`;

/** docs/api/sockets.md: every namespace, request and message of the contract. */
export function socketsPage(): string {
  const all = Object.values(sockets) as Namespace[];
  const schemas = all.flatMap(({ requests, messages }) => [
    ...Object.values(requests).flatMap(({ payload, response }) => [
      jsonSchemaOf(payload, 'input'),
      jsonSchemaOf(response, 'output'),
    ]),
    ...Object.values(messages).map(({ data }) => jsonSchemaOf(data, 'output')),
  ]);
  const error: JsonSchema = { $ref: '#/$defs/WireError' };
  return [introduction, ...all.map(section), '## Shapes\n', namedSections([...schemas, error])].join('\n');
}

function section({ namespace, requests, messages }: Namespace): string {
  return [
    `## \`${namespace}\`\n`,
    ...Object.values(requests).map(requestText),
    ...Object.values(messages).map(messageText),
    ...(namespace === sockets.logs.namespace ? [flowControl] : []),
    ...(namespace === sockets.terminals.namespace ? [terminalFlowControl] : []),
  ].join('\n');
}

const requestText = ({ name, access, summary, payload, response }: SocketRequest): string =>
  [
    `### request \`${name}\`\n`,
    `${summary}. Role: **${access}**.\n`,
    'Payload:\n',
    schemaTable(jsonSchemaOf(payload, 'input')),
    'Data of the `Ack`:\n',
    schemaTable(jsonSchemaOf(response, 'output')),
  ].join('\n');

const messageText = ({ name, summary, data }: SocketMessage): string =>
  [`### message \`${name}\`\n`, `${summary}.\n`, schemaTable(jsonSchemaOf(data, 'output'))].join('\n');
