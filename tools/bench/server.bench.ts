/**
 * The server: start, memory, idle CPU, the list of instances under load, and how fast instances start. Next to the
 * original's figures, which were measured on two cores as well (their load generator shared them, as ours does).
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Instance } from '@aikore/contract';
import { BenchServer } from './lib/bench-server';
import { type Load, measureLoad } from './lib/measure-load';
import { median, round, spread, table } from './lib/stats';

const rounds = 5;
const running = 20;
const idleSeconds = 20;
/** Clock ticks a second of /proc/<pid>/stat: USER_HZ is 100 on every Linux that Node runs on. */
const ticks = 100;

/** An app that costs nothing itself; the times of its two files tell when it was spawned and when it listened. */
const app = `#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Bench
# aikore.venv_type = none
### AIKORE-METADATA-END ###
: >"$INSTANCE_CONF_DIR/spawned"
exec perl -MIO::Socket::INET -e '
  my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => $ENV{WEBUI_PORT}, Listen => 64, ReuseAddr => 1) or die $!;
  open my $mark, ">", "$ENV{INSTANCE_CONF_DIR}/listening"; close $mark;
  while (my $visitor = $server->accept) {
    sysread $visitor, my $request, 65536;
    print $visitor "HTTP/1.0 200 OK\\r\\nContent-Length: 3\\r\\n\\r\\nok\\n";
    close $visitor;
  }'
`;

const progress = (text: string): void => void process.stderr.write(`  ${text}\n`);

async function main(): Promise<void> {
  const server = await BenchServer.create({ blueprints: { 'Bench.sh': app } });
  try {
    const starts = await measureStarts(server);
    await delay(6_000);
    const memory = memoryOf(server.pid);
    await createUpTo(server, running);
    const list20 = await measureList(server);
    const single = await measureSingleStarts(server);
    const many = await measureManyStarts(server);
    const cpu = await measureIdleCpu(server);
    await server.stopInstances();
    await createUpTo(server, 500);
    const list500 = await measureList(server);
    const after = memoryOf(server.pid);
    console.log(
      [serverTable({ starts, memory, after, cpu }), listTable(list20, list500), startTable(single, many)].join('\n\n'),
    );
  } finally {
    await server.remove();
  }
}

async function measureStarts(server: BenchServer): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < rounds; i += 1) {
    await server.stop();
    times.push(await server.start());
    progress(`start → first answer: ${round(times.at(-1) ?? 0)} ms`);
  }
  return times;
}

/** Resident memory of a process, in MiB. */
function memoryOf(pid: number): number {
  const kib = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  progress(`memory: ${round(kib / 1024, 1)} MiB`);
  return kib / 1024;
}

async function createUpTo(server: BenchServer, count: number): Promise<void> {
  const there = (await server.instances()).length;
  for (let i = there; i < count; i += 1) {
    await server.call('POST', '/api/instances', { name: `Bench ${i}`, base_blueprint: 'Bench.sh' });
  }
  progress(`${count} instances`);
}

interface ListFigures {
  readonly one: Load;
  readonly ten: Load;
  readonly bytes: number;
}

async function measureList(server: BenchServer): Promise<ListFigures> {
  const pool = server.pool(10);
  const measure = async (connections: number): Promise<Load> => {
    await measureLoad(pool, '/api/instances', server.headers, connections, 500);
    const loads: Load[] = [];
    for (let i = 0; i < rounds; i += 1) {
      loads.push(await measureLoad(pool, '/api/instances', server.headers, connections, 2_000));
    }
    const middle = (key: keyof Load): number => median(loads.map((load) => load[key]));
    const load = { p50: middle('p50'), p95: middle('p95'), p99: middle('p99'), perSecond: middle('perSecond') };
    progress(`list, ${connections} at a time: p50 ${round(load.p50, 2)} ms, ${round(load.perSecond)}/s`);
    return load;
  };
  try {
    const bytes = JSON.stringify(await server.instances()).length;
    return { one: await measure(1), ten: await measure(10), bytes };
  } finally {
    await pool.close();
  }
}

interface StartFigures {
  readonly spawned: number[];
  readonly ready: number[];
  readonly answered: number[];
}

/** Click → spawned, and port open → the answer that says `started`, one instance at a time. */
async function measureSingleStarts(server: BenchServer): Promise<StartFigures> {
  const [first] = await server.instances();
  if (!first) throw new Error('There is no instance.');
  const figures: StartFigures = { spawned: [], ready: [], answered: [] };
  for (let i = 0; i < rounds; i += 1) {
    const clicked = Date.now();
    await server.call('POST', `/api/instances/${first.id}/actions/start`);
    figures.answered.push(Date.now() - clicked);
    const started = await startedAt(server, first.id);
    figures.spawned.push(markOf(server, first, 'spawned') - clicked);
    figures.ready.push(started - markOf(server, first, 'listening'));
    await server.call('POST', `/api/instances/${first.id}/actions/stop?wait=stopped`);
  }
  progress(`click → spawned: ${spread(figures.spawned)} ms; port open → started: ${spread(figures.ready)} ms`);
  return figures;
}

/** When the server made it `started`, by its own clock, which is this machine's. */
async function startedAt(server: BenchServer, id: number): Promise<number> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const { status, status_since } = await server.call<Instance>('GET', `/api/instances/${id}`);
    if (status === 'started') return Date.parse(status_since);
    if (status === 'error' || Date.now() > deadline) throw new Error(`The instance is ${status}.`);
    await delay(20);
  }
}

const markOf = (server: BenchServer, { directory }: Instance, name: string): number =>
  statSync(join(server.dataDir, 'instances', directory, name)).mtimeMs;

interface ManyFigures {
  readonly load: Load;
  readonly allStarted: number;
}

/** All instances at once, while somebody looks at the list. */
async function measureManyStarts(server: BenchServer): Promise<ManyFigures> {
  const pool = server.pool(2);
  const instances = await server.instances();
  const began = performance.now();
  const starts = Promise.all(
    instances.map(async ({ id }) => {
      await server.call('POST', `/api/instances/${id}/actions/start`);
      await startedAt(server, id);
    }),
  ).then(() => performance.now() - began);
  try {
    const load = await measureLoad(pool, '/api/instances', server.headers, 1, starts);
    progress(`${instances.length} starts at once: ${round(await starts)} ms, list p95 ${round(load.p95, 1)} ms`);
    return { load, allStarted: await starts };
  } finally {
    await pool.close();
  }
}

/** Percent of one core that the server uses while its instances run and nobody looks. */
async function measureIdleCpu(server: BenchServer): Promise<number> {
  const used = (): number => {
    const fields = readFileSync(`/proc/${server.pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticks;
  };
  await delay(5_000); // what the starts left to do
  const before = used();
  await delay(idleSeconds * 1000);
  const percent = ((used() - before) / idleSeconds) * 100;
  progress(`CPU with ${running} running instances: ${round(percent, 2)} % of a core`);
  return percent;
}

function serverTable(figures: { starts: number[]; memory: number; after: number; cpu: number }): string {
  return table([
    ['server', 'AiKore', 'the original', 'wanted'],
    ['process start → first answer, ms, median (range)', spread(figures.starts), '869 (705-1080)', ''],
    ['memory 6 s after the start, MiB', round(figures.memory, 1), '84.8', '< 160'],
    ['memory after all of this, MiB', round(figures.after, 1), '110.7', ''],
    [
      `CPU with ${running} running instances and no client, % of a core, over ${idleSeconds} s`,
      round(figures.cpu, 2),
      '',
      '< 2',
    ],
  ]);
}

function listTable(few: ListFigures, many: ListFigures): string {
  const row = (title: string, { p50, p99, perSecond }: Load, original: string): string[] => [
    title,
    `${round(p50, 2)} / ${round(p99, 2)}`,
    round(perSecond),
    original,
  ];
  const size = ({ bytes }: ListFigures): string => `${round(bytes / 1000)} kB`;
  return table([
    ['`GET /api/instances`', 'p50 / p99 ms', 'requests/s', 'the original: p50 / p99 ms, requests/s'],
    row(`20 rows (${size(few)}), 1 connection`, few.one, '2.02 / 5.68, 477 (7.2 kB)'),
    row(`20 rows (${size(few)}), 10 connections`, few.ten, '18.7 / 55.8, 483'),
    row(`500 rows (${size(many)}), 1 connection`, many.one, '10.6 / 61.2, 82.5 (181 kB)'),
    row(`500 rows (${size(many)}), 10 connections`, many.ten, '158.7 / 469, 56'),
  ]);
}

function startTable(single: StartFigures, { load, allStarted }: ManyFigures): string {
  return table([
    ['starting instances, ms, median (range)', 'AiKore', 'the original', 'wanted'],
    ['click on Start → answer', spread(single.answered), '20.0 (14.6-41.8)', ''],
    ['click on Start → the blueprint runs', spread(single.spawned), '', '< 100'],
    ['port open → *started*', spread(single.ready), 'about 1040', '< 250'],
    [`${running} starts at once: list of instances meanwhile, p95`, round(load.p95, 1), '', '< 100'],
    [`${running} starts at once: all started after`, round(allStarted), '', ''],
  ]);
}

await main();
