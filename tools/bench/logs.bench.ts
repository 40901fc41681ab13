/**
 * Logs: latency from a written line to a socket client, time to the first screen of a large log, and a flood.
 *
 * It starts the logs module in a process of its own and talks to it over real sockets. Run it with
 * `node tools/bench/run.mjs logs`; it prints a Markdown table.
 */
import { fork, spawn } from 'node:child_process';
import { appendFileSync, closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import type { InstanceEntity } from '@aikore/database';
import { LogClient, until } from '../../libs/api/logs/src/testing/log-client';
import { LogsApp } from '../../libs/api/logs/src/testing/logs-app';

const rounds = 5;
const mib = 1024 * 1024;

/** The server's side: makes runs on request, and tells what it costs. */
interface Prepared {
  url: string;
  path: string;
  instanceId: number;
}
interface Usage {
  cpuMs: number;
  rss: number;
}

async function serve(): Promise<void> {
  const server = await LogsApp.start({ logRunMaxBytes: 1024 * mib });
  let current: { instance: InstanceEntity; run: string } | null = null;
  process.on('message', (message: string) => void answer(message).then((reply) => process.send?.(reply)));
  async function answer(message: string): Promise<unknown> {
    if (message === 'usage') {
      const { user, system } = process.cpuUsage();
      return { cpuMs: (user + system) / 1000, rss: process.memoryUsage().rss } satisfies Usage;
    }
    if (message === 'close') {
      await server.close();
      return 'closed';
    }
    if (current) await server.endRun(current.instance, current.run);
    const instance = await server.addInstance();
    const { run, path } = await server.beginRun(instance);
    current = { instance, run: run.id };
    return { url: server.url, path, instanceId: instance.id } satisfies Prepared;
  }
  process.send?.('ready');
}

/** Sends numbered lines at a steady rate, as a process of its own: `node BUNDLE write FILE RATE SECONDS`. */
function write(path: string, rate: number, seconds: number): void {
  const file = openSync(path, 'a');
  const began = performance.now();
  let written = 0;
  const timer = setInterval(() => {
    const due = Math.min(rate * seconds, Math.floor(((performance.now() - began) / 1000) * rate));
    let batch = '';
    for (; written < due; written += 1) batch += `${String(written).padStart(99, '0')}\n`;
    if (batch) writeSync(file, batch);
    if (written < rate * seconds) return;
    clearInterval(timer);
    closeSync(file);
  }, 1);
}

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
const median = (values: readonly number[]): number =>
  quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
const ms = (value: number): string => `${value.toFixed(1)} ms`;

async function measure(bundle: string): Promise<void> {
  const child = fork(bundle, ['serve'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const heard = () => new Promise<unknown>((resolve) => child.once('message', resolve));
  const ask = <T>(message: string): Promise<T> => {
    const reply = heard();
    child.send(message);
    return reply as Promise<T>;
  };
  await heard();
  const rows: [string, string, string][] = [];
  try {
    rows.push(...(await latency(ask)), ...(await firstScreen(ask)), ...(await flood(ask, bundle)));
  } finally {
    await ask('close');
    child.disconnect();
  }
  console.log('| logs | measured | aim |\n|---|---|---|');
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
}

type Ask = <T>(message: string) => Promise<T>;

/** One line every 7 ms; from before the write to the client's message handler. */
async function latency(ask: Ask): Promise<[string, string, string][]> {
  const { url, path, instanceId } = await ask<Prepared>('run');
  const client = new LogClient(url);
  const received = await client.join({ instance_id: instanceId });
  const delays: number[] = [];
  for (let count = 0; count < 1000; count += 1) {
    await new Promise((resolve) => setTimeout(resolve, count % 10 === 0 ? 60 : 7));
    const seen = new Promise<number>((resolve) => (received.onChunk = () => resolve(performance.now())));
    const before = performance.now();
    appendFileSync(path, `${count}\n`);
    delays.push((await seen) - before);
  }
  client.close();
  delays.sort((a, b) => a - b);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => ms(quantile(delays, q)));
  return [['line written → client, p50 / p95 / p99 of 1000', `${p50} / ${p95} / ${p99}`, 'p99 < 50 ms']];
}

/** Connect, join with the default tail, first chunk; then all of the snapshot. */
async function firstScreen(ask: Ask): Promise<[string, string, string][]> {
  const { url, path, instanceId } = await ask<Prepared>('run');
  writeFileSync(path, Buffer.alloc(50 * mib, `${'x'.repeat(99)}\n`));
  const first: number[] = [];
  const whole: number[] = [];
  for (let round = 0; round < rounds * 4; round += 1) {
    const client = new LogClient(url);
    const before = performance.now();
    const chunk = new Promise<void>((resolve) => client.socket.once('log:chunk', () => resolve()));
    const received = await client.join({ instance_id: instanceId });
    await chunk;
    first.push(performance.now() - before);
    await until(() => received.position === 50 * mib, 'the snapshot');
    whole.push(performance.now() - before);
    client.close();
  }
  return [
    ['50 MB log: connect and join → first chunk, median', ms(median(first)), '< 300 ms'],
    ['50 MB log: connect and join → whole snapshot (256 KiB), median', ms(median(whole)), '< 300 ms'],
  ];
}

/** 100,000 lines of 100 bytes a second for 10 s to one fast client, with 20 stalled ones beside it. */
async function flood(ask: Ask, bundle: string): Promise<[string, string, string][]> {
  const rows: [string, string, string][] = [];
  for (const stalled of [0, 20]) {
    const { url, path, instanceId } = await ask<Prepared>('run');
    const fast = new LogClient(url);
    const others = Array.from({ length: stalled }, () => new LogClient(url));
    for (const one of others) {
      one.acks = false;
      await one.join({ instance_id: instanceId, from: 0 });
    }
    const received = await fast.join({ instance_id: instanceId, from: 0 });
    let lines = 0;
    received.onChunk = ({ data }) => {
      for (const byte of data) if (byte === 0x0a) lines += 1;
      received.chunks.length = 0;
    };
    const before = await ask<Usage>('usage');
    const began = performance.now();
    const writer = spawn(process.execPath, [bundle, 'write', path, '100000', '10'], { stdio: 'inherit' });
    await new Promise((resolve) => writer.once('exit', resolve));
    const ended = performance.now();
    await until(() => received.position === 100_000_000, 'the whole flood', 60_000);
    const lag = performance.now() - ended;
    const after = await ask<Usage>('usage');
    const cpu = ((after.cpuMs - before.cpuMs) / (ended - began + lag)) * 100;
    const lost = 1_000_000 - lines;
    const name = `100k lines/s × 10 s${stalled ? `, ${stalled} stalled clients beside` : ''}`;
    rows.push(
      [`${name}: lines lost / gaps`, `${lost + received.errors.length} / ${received.gaps.length}`, '0 / 0'],
      [`${name}: client has all of it after the last write`, ms(lag), ''],
      [`${name}: CPU of the server, of one core`, `${cpu.toFixed(0)} %`, '< 30 %'],
      [`${name}: growth of RSS`, `${((after.rss - before.rss) / mib).toFixed(0)} MiB`, stalled ? '≤ 64 MiB' : ''],
    );
    for (const one of [fast, ...others]) one.close();
  }
  return rows;
}

const [role, ...args] = process.argv.slice(2);
if (role === 'serve') await serve();
else if (role === 'write') write(args[0] ?? '', Number(args[1]), Number(args[2]));
else await measure(process.argv[1] ?? '');
