// A WebUI that behaves as it is told: what the tests start in place of a real one. No dependencies.
//   node fake-webui.mjs --port N [--ready-after S|never] [--ignore-term] [--spew N] [--width N] [--exit-after S] [--exit-code N]
//     [--status N --status-for S] [--fork-child] [--nohup] [--fork-storm] [--clear-env] [--mark TEXT] [--quiet]
//     [--speak-after S]
// It answers: / (who it is), /env, /headers, /count, /exit?code=N, /signal?name=N, /print?text=, POST /echo, and any WebSocket with an
// echo.
import { createServer } from 'node:http';
import { writeSync } from 'node:fs';
import { flagsOf } from './flags.mjs';
import { startStrays } from './strays.mjs';
import { echoSocket } from './websocket.mjs';

const flags = flagsOf(process.argv.slice(2));
const started = performance.now();
let count = 0;

// writeSync: a line is in the log, or it was never counted, even when this process is killed.
const say = (line) => writeSync(1, `${line}\n`);
const seconds = (name, otherwise = 0) => Number(flags[name] ?? otherwise) * 1000;

if (flags['ignore-term']) process.on('SIGTERM', () => say('TERM ignored'));
if (!flags.quiet) say(`fake webui, pid ${process.pid}`);
if (flags['speak-after']) setTimeout(() => say('still here'), seconds('speak-after'));
if (flags['exit-after'] !== undefined) {
  setTimeout(() => {
    say('about to end');
    process.exit(Number(flags['exit-code'] ?? 0));
  }, seconds('exit-after'));
}
if (flags.spew) spew(Number(flags.spew));
startStrays(flags);

function spew(perSecond) {
  const begun = performance.now();
  const padding = '.'.repeat(Math.max(0, Number(flags.width ?? 0) - 14));
  setInterval(() => {
    const due = Math.floor(((performance.now() - begun) / 1000) * perSecond);
    let text = '';
    for (; count < due; count += 1) text += `line ${String(count + 1).padStart(8, '0')}${padding}\n`;
    if (text) writeSync(1, text);
  }, 10);
}

const json = (response, value) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
};

const answers = {
  '/': (_, response) => json(response, { pid: process.pid, run: process.env.AIKORE_RUN_ID, port: Number(flags.port) }),
  '/env': (_, response) => json(response, process.env),
  '/headers': (request, response) => json(response, request.headers),
  '/count': (_, response) => json(response, { count }),
  '/echo': (request, response) => request.pipe(response),
  '/print': ({ url }, response) => {
    say(new URL(url, 'http://x').searchParams.get('text'));
    response.end('printed');
  },
  '/exit': ({ url }, response) => {
    response.end('bye', () => {
      say('one last word');
      process.exit(Number(new URL(url, 'http://x').searchParams.get('code') ?? 0));
    });
  },
  '/signal': ({ url }, response) =>
    response.end('bye', () => process.kill(process.pid, new URL(url, 'http://x').searchParams.get('name'))),
};

const server = createServer((request, response) => {
  if (flags.status && performance.now() - opened < seconds('status-for', 1e6)) {
    response.statusCode = Number(flags.status);
    return response.end('not yet');
  }
  const answer = answers[new URL(request.url, 'http://x').pathname];
  if (answer) return answer(request, response);
  response.statusCode = 404;
  return response.end('nothing here');
});
server.on('upgrade', echoSocket);

let opened = 0;
function open() {
  server.listen(Number(flags.port), '127.0.0.1', () => {
    opened = performance.now();
    if (!flags.quiet) say(`listening after ${Math.round(opened - started)} ms at ${Date.now()}`);
  });
}

if (flags['ready-after'] === 'never') setInterval(() => undefined, 1000);
else if (flags['ready-after']) setTimeout(open, seconds('ready-after'));
else open();
