/**
 * The embedded proxy of the built server, with its gate and a visitor's cookie, against talking to the app directly and
 * against nginx with upstream keep-alive, in one run. The app is nginx as well, so that what is measured is the proxy.
 * Needs `nginx` and `wrk` (Debian packages).
 *
 *   node tools/bench/run.mjs proxy [rounds] [seconds]
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, get } from 'node:http';
import { createServer } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Dispatcher, Pool } from 'undici';
import type { Instance } from '@aikore/contract';
import { BenchServer } from './lib/bench-server';

const run = promisify(execFile);
const connections = 16;
const bigBytes = 1024 ** 3;

interface Target {
  readonly name: string;
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
}

interface Figures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly megabytesPerSecond: number;
}

/** The same app as an instance: nginx on the port that it is given. */
function blueprint(folder: string): string {
  writeFileSync(join(folder, 'instance.conf'), nginxText(folder, 'instance', '@PORT@', appConfig(folder)));
  return `### AIKORE-METADATA-START ###
### AIKORE-METADATA-END ###
sed "s/@PORT@/$WEBUI_PORT/" ${folder}/instance.conf > nginx.conf
exec nginx -p ${folder} -c "$PWD/nginx.conf" -e ${folder}/instance.log
`;
}

/** Start the instance and enter its origin as a browser does. */
async function visit(server: BenchServer): Promise<Target> {
  const { id } = await server.call<Instance>('POST', '/api/instances', { name: 'Echo', base_blueprint: 'Bench.sh' });
  await server.call('POST', `/api/instances/${id}/actions/start?wait=started`);
  const { url } = await server.call<{ url: string }>('POST', `/api/instances/${id}/open`);
  const { host, pathname, search } = new URL(url);
  const options = { host: '127.0.0.1', port: server.port, path: pathname + search, headers: { Host: host } };
  const cookies = await new Promise<string[]>((resolve, reject) => {
    get(options, (answer) => resolve(answer.resume().headers['set-cookie'] ?? [])).on('error', reject);
  });
  const Cookie = cookies.map((cookie) => cookie.split(';', 1)[0]).join('; ');
  return { name: 'embedded proxy', port: server.port, headers: { Host: host, Cookie } };
}

/**
 * Child mode: the least that Node's HTTP server and undici can do, without a gate, routes, rebuilt headers or
 * back-pressure. What the embedded proxy has beside it is the price of those.
 */
function serveBare(appPort: number): void {
  const pool = new Pool(`http://127.0.0.1:${appPort}`, { connections: null });
  const server = createHttpServer((request, response) => {
    const method = request.method as Dispatcher.HttpMethod;
    pool.dispatch(
      { method, path: request.url ?? '/', headers: request.rawHeaders },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, status, headers) => {
          delete headers['connection'];
          response.writeHead(status, headers);
        },
        onResponseData: (_controller, chunk) => void response.write(chunk),
        onResponseEnd: () => void response.end(),
        onResponseError: () => void response.destroy(),
      },
    );
  });
  server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as { port: number }).port}\n`));
}

async function main(rounds: number, seconds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'aikore-bench-'));
  chmodSync(folder, 0o755); // as root, nginx works as another user
  const children: ChildProcess[] = [];
  const server = await BenchServer.create({ blueprints: { 'Bench.sh': blueprint(folder) } });
  try {
    const app = await freePort();
    const nginx = await freePort();
    children.push(await startNginx(folder, 'app', app, appConfig(folder)));
    children.push(await startNginx(folder, 'proxy', nginx, proxyConfig(app)));
    const bare = await startChild('serve-bare', app, children);
    const targets: Target[] = [
      { name: 'direct', port: app, headers: {} },
      { name: 'nginx, upstream keep-alive', port: nginx, headers: {} },
      { name: 'Node and undici, nothing else', port: bare, headers: {} },
      await visit(server),
    ];
    print(await measureAll(targets, rounds, seconds), rounds);
  } finally {
    for (const child of children) child.kill('SIGTERM');
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns its port */
function startChild(mode: string, app: number, children: ChildProcess[]): Promise<number> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), mode, String(app)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return new Promise((resolve) => child.stdout.once('data', (text) => resolve(Number(text))));
}

/** Round by round through all targets, so that a busy moment of the machine hits each of them. */
async function measureAll(targets: Target[], rounds: number, seconds: number): Promise<Map<string, Figures>> {
  const samples = new Map<string, Figures[]>(targets.map(({ name }) => [name, []]));
  for (const target of targets) await small(target, 1); // warm
  for (let round = 0; round < rounds; round += 1) {
    for (const target of targets) {
      const figures = { ...(await small(target, seconds)), megabytesPerSecond: await download(target) };
      samples.get(target.name)?.push(figures);
    }
  }
  return new Map([...samples].map(([name, list]) => [name, medianOf(list)]));
}

function medianOf(list: readonly Figures[]): Figures {
  const middle = (key: keyof Figures) => list.map((one) => one[key]).sort((a, b) => a - b)[list.length >> 1] ?? 0;
  return {
    perSecond: middle('perSecond'),
    p50: middle('p50'),
    p99: middle('p99'),
    megabytesPerSecond: middle('megabytesPerSecond'),
  };
}

async function small(target: Target, seconds: number): Promise<Omit<Figures, 'megabytesPerSecond'>> {
  const headers = Object.entries(target.headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const options = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', ...headers];
  const { stdout } = await run('wrk', [...options, `http://127.0.0.1:${target.port}/small`]);
  if (/Non-2xx/.test(stdout)) throw new Error(`${target.name} answered with errors:\n${stdout}`);
  const number = (pattern: RegExp) => pattern.exec(stdout)?.[1] ?? '0';
  return {
    perSecond: Number(number(/Requests\/sec:\s+([\d.]+)/)),
    p50: milliseconds(number(/^\s+50%\s+(\S+)/m)),
    p99: milliseconds(number(/^\s+99%\s+(\S+)/m)),
  };
}

function milliseconds(text: string): number {
  const [, value = '0', unit = ''] = /^([\d.]+)(us|ms|s)$/.exec(text) ?? [];
  return Number(value) * ({ us: 0.001, ms: 1, s: 1000 }[unit] ?? 0);
}

function download(target: Target): Promise<number> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: target.port, path: '/big', headers: target.headers, agent: false };
    get(options, (answer) => {
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => (bytes += chunk.length)).on('error', reject);
      answer.on('end', () => {
        if (bytes === bigBytes) resolve(bytes / 1e6 / ((performance.now() - started) / 1000));
        else reject(new Error(`${target.name} sent ${bytes} bytes, status ${answer.statusCode}`));
      });
    }).on('error', reject);
  });
}

function print(all: Map<string, Figures>, rounds: number): void {
  const direct = all.get('direct');
  const nginx = all.get('nginx, upstream keep-alive');
  if (!direct || !nginx) return;
  const cell = (value: number, digits = 2) => value.toFixed(digits);
  console.log(
    `Small answers, ${connections} connections; 1 GiB download; medians of ${rounds} rounds; ${cpus().length} cores\n`,
  );
  console.log('| | requests/s | of nginx | p50 ms (added) | p99 ms (added) | MB/s | of direct | of nginx |');
  console.log('|---|---|---|---|---|---|---|---|');
  for (const [name, figures] of all) {
    const { perSecond, p50, p99, megabytesPerSecond: speed } = figures;
    const row = [
      name,
      cell(perSecond, 0),
      cell(perSecond / nginx.perSecond),
      `${cell(p50)} (${cell(p50 - direct.p50)})`,
      `${cell(p99)} (${cell(p99 - direct.p99)})`,
      cell(speed, 0),
      cell(speed / direct.megabytesPerSecond),
      cell(speed / nginx.megabytesPerSecond),
    ];
    console.log(`| ${row.join(' | ')} |`);
  }
}

function appConfig(folder: string): string {
  const file = openSync(join(folder, 'big'), 'w');
  ftruncateSync(file, bigBytes);
  closeSync(file);
  return `location = /small { default_type text/plain; return 200 "Hello from the app, in a few words.\\n"; }
    location = /big { root ${folder}; }`;
}

const proxyConfig = (app: number): string => `location / {
      proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off;
    } } upstream app { server 127.0.0.1:${app}; keepalive 64; keepalive_requests 10000000;`;

function nginxText(folder: string, name: string, port: number | string, body: string): string {
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${join(folder, `${name}-${kind}`)};`)
    .join(' ');
  return `daemon off; worker_processes 1; pid ${join(folder, `${name}.pid`)}; error_log ${join(folder, `${name}.log`)};
    events { worker_connections 1024; }
    http { access_log off; sendfile on; keepalive_requests 10000000; ${temp}
      server { listen 127.0.0.1:${port}; ${body} } }`;
}

async function startNginx(folder: string, name: string, port: number, body: string): Promise<ChildProcess> {
  const file = join(folder, `${name}.conf`);
  writeFileSync(file, nginxText(folder, name, port, body));
  const child = spawn('nginx', ['-p', folder, '-c', file, '-e', join(folder, `${name}.log`)], { stdio: 'inherit' });
  const deadline = Date.now() + 5_000;
  while (!(await answers(port))) {
    if (Date.now() > deadline) throw new Error(`nginx did not start; see its log in ${folder}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return child;
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    get({ host: '127.0.0.1', port, path: '/small', agent: false }, (answer) => {
      answer.resume();
      resolve(true);
    }).on('error', () => resolve(false));
  });

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

const [, , mode, ...rest] = process.argv;
if (mode === 'serve-bare') serveBare(Number(rest[0]));
else await main(Number(mode ?? 5), Number(rest[0] ?? 4));
